"""What policies allow beyond the purpose, and what they lack."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.audit.finding import Finding, Severity, by_severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.compare import findings
from lightly_access.kinds.s3.audit.facts import Attached, AwsFacts, Holder
from lightly_core.capability import Purpose

from tests.lightly_access.kinds.s3.audit.example import (
    DELEGATED,
    PATH,
    USER,
    USER_ACCESS,
    document,
    facts,
    grant,
    registered,
    role,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def found(facts: AwsFacts, registered: Registered) -> list[Finding]:
    return list(by_severity(findings(registered, facts, "cows", NOW)))


def rules(facts: AwsFacts, registered: Registered) -> set[str]:
    return {finding.rule for finding in found(facts, registered)}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("path", ["", "cows/", PATH, "we?rd/*/${aws:username}/"])
def test_our_own_documents_are_found_to_be_right(purpose: Purpose, path: str) -> None:
    assert found(facts(role(grant(purpose, path))), registered(purpose, path=path)) == []


def test_lightlys_documented_user_access_is_too_wide_all_of_s3_and_the_names_of_the_whole_bucket() -> None:
    user = Holder("user", "lightly", USER, (Attached("lightly", "managed", "user lightly", USER_ACCESS),))
    seen = found(facts(user), registered(access="user"))
    assert {finding.rule for finding in seen} == {"all-of-service", "lists-whole-bucket", "policy-on-user"}
    worst = seen[0]
    assert (worst.severity, worst.rule) == (Severity.HIGH, "all-of-service")
    assert "s3:*" in worst.what
    assert "VisualEditor1" in worst.where
    assert "s3:PutObjectAcl" in worst.tried
    assert "s3:BypassGovernanceRetention" in worst.tried


def test_lightlys_documented_delegated_access_is_for_the_whole_bucket() -> None:
    seen = found(facts(role(DELEGATED)), registered())
    assert {finding.rule for finding in seen} == {"whole-bucket", "lists-whole-bucket"}
    assert "arn:aws:s3:::datalake/*" in seen[0].what
    assert any("sibling" in case for case in seen[0].tried)


def test_the_same_policy_is_right_when_the_datasource_is_the_whole_bucket() -> None:
    assert found(facts(role(DELEGATED)), registered(path="")) == []


def test_input_that_may_write_is_said_so_first_and_names_the_statement() -> None:
    seen = found(facts(role(grant(Purpose.LIGHTLY))), registered(Purpose.INPUT))
    assert seen[0].rule == "input-writes"
    assert seen[0].where == "role lightly-datalake, inline policy p0/LightlyWriteObjects"
    assert "extra-action" in {finding.rule for finding in seen}


@pytest.mark.parametrize(
    ("statement", "rule", "severity"),
    [
        ({"Action": "*", "Resource": "*"}, "any-action", Severity.CRITICAL),
        ({"Action": "s3:GetObject", "Resource": "*"}, "any-bucket", Severity.CRITICAL),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/*"}, "any-bucket", Severity.CRITICAL),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::datalake*"}, "any-bucket", Severity.CRITICAL),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::payroll/*"}, "other-bucket", Severity.HIGH),
        ({"NotAction": "iam:*", "Resource": "*"}, "all-but", Severity.CRITICAL),
        ({"Action": "s3:Get*", "Resource": f"arn:aws:s3:::datalake/{PATH}*"}, "wild-action", Severity.MEDIUM),
        ({"Action": "ec2:RunInstances", "Resource": "*"}, "other-service", Severity.HIGH),
        ({"Action": "s3:PutObjectAcl", "Resource": f"arn:aws:s3:::datalake/{PATH}*"}, "extra-action", Severity.MEDIUM),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::datalake/proj*"}, "whole-bucket", Severity.HIGH),
    ],
)
def test_every_way_of_being_too_wide_is_named(statement: dict[str, str], rule: str, severity: Severity) -> None:
    policy = document({"Effect": "Allow", **statement})
    seen = {finding.rule: finding.severity for finding in found(facts(role(grant(), policy)), registered())}
    assert seen[rule] is severity


def test_listing_bound_to_another_directory_is_no_less_wide() -> None:
    lists = {"Effect": "Allow", "Action": "s3:List*", "Resource": "arn:aws:s3:::datalake"}
    elsewhere = {**lists, "Condition": {"StringLike": {"s3:prefix": ["payroll/*"]}}}
    assert "lists-whole-bucket" in rules(facts(role(grant(), document(elsewhere))), registered())


def test_missing_rights_are_named_with_the_reason() -> None:
    seen = found(facts(role(grant(Purpose.INPUT))), registered(Purpose.LIGHTLY))
    assert {finding.rule for finding in seen} == {"missing-write", "missing-overwrite", "missing-delete"}
    assert "s3:PutObject" in seen[0].why


def test_a_boundary_takes_rights_away_and_is_asked_too() -> None:
    seen = found(facts(role(grant(), boundary=grant(Purpose.INPUT))), registered())
    assert {finding.rule for finding in seen} == {"missing-write", "missing-overwrite", "missing-delete"}


def test_a_deny_of_the_bucket_policy_takes_rights_away() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::datalake/*"}
    seen = rules(facts(role(grant()), bucket_policy=document(deny)), registered())
    assert seen == {"missing-delete"}


def denies(condition: Mapping[str, object], action: object = "s3:*", **more: object) -> str:
    both = ["arn:aws:s3:::datalake", "arn:aws:s3:::datalake/*"]
    statement = {"Sid": "OnlyOurs", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": both, **more}
    return document({**statement, "Condition": condition} if condition else statement)


@pytest.mark.parametrize("action", ["s3:*", "s3:ListBucket", ["s3:GetObject", "s3:DeleteObject"]])
def test_a_deny_is_blamed_on_the_bucket_and_the_statement_where_it_stands(action: object) -> None:
    seen = found(facts(role(grant()), bucket_policy=denies({}, action)), registered())
    assert seen
    for finding in seen:
        assert finding.rule.startswith("missing-")
        assert finding.where == "bucket datalake, bucket policy, statement OnlyOurs"
        assert "from that Deny" in finding.fix


@pytest.mark.parametrize(
    "key",
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/team", "aws:ResourceOrgID", "aws:UserAgent"],
)
def test_a_condition_on_what_nobody_knows_is_one_finding_and_no_verdict(key: str) -> None:
    for condition in ({"StringNotEquals": {key: "o-acme"}}, {"StringNotLike": {key: "o-*"}}):
        (seen,) = found(facts(role(grant()), bucket_policy=denies(condition)), registered())
        assert (seen.severity, seen.rule) == (Severity.MEDIUM, "depends")
        assert key in seen.what
        assert all(each in seen.what for each in ("list", "read", "write", "overwrite", "delete"))
        assert "statement OnlyOurs" in seen.where


@pytest.mark.parametrize(
    ("key", "operator"),
    [("aws:SourceVpce", "StringNotEquals"), ("aws:SourceVpc", "StringNotEquals"), ("aws:SourceIp", "NotIpAddress")],
)
def test_a_network_may_hold_the_reading_and_not_the_listing(key: str, operator: str) -> None:
    condition: dict[str, object] = {operator: {key: "21.21.21.0/24" if key == "aws:SourceIp" else "vpce-0a1b2c3d"}}
    lists = found(facts(role(grant()), bucket_policy=denies(condition, "s3:ListBucket")), registered())
    assert [(each.severity, each.rule) for each in lists] == [(Severity.HIGH, "missing-list")]
    assert "from outside your network" in lists[0].what
    assert "statement OnlyOurs" in lists[0].where
    reads = found(facts(role(grant()), bucket_policy=denies(condition, "s3:GetObject")), registered())
    assert [(each.severity, each.rule) for each in reads] == [(Severity.LOW, "network-bound")]


@pytest.mark.parametrize(("operator", "good"), [("DateGreaterThan", True), ("DateLessThan", False)])
def test_a_deny_from_some_day_on_counts_from_that_day(operator: str, good: bool) -> None:
    later: dict[str, object] = {operator: {"aws:CurrentTime": "2027-06-01T00:00:00Z"}}
    seen = found(facts(role(grant()), bucket_policy=denies(later)), registered())
    assert ({each.rule for each in seen} == {"ends"}) is good
    assert all(each.what.startswith("from 2027-06-01 00:00 UTC on: ") for each in seen) is good


def test_the_key_that_the_bucket_encrypts_with_is_compared_with_the_registered_one() -> None:
    key = "arn:aws:kms:eu-central-1:123456789012:key/1111-2222"
    (seen,) = found(facts(role(grant()), encryption_key=key), registered())
    assert (seen.severity, seen.rule) == (Severity.HIGH, "kms-not-registered")
    assert f"`kms_key: {key}`" in seen.fix
    (alias,) = found(facts(role(grant()), encryption_key="alias/lake"), registered())
    assert "aws kms describe-key --key-id alias/lake" in alias.fix


def test_a_bucket_that_blocks_no_public_access_is_said_so() -> None:
    assert rules(facts(role(grant()), public_access_blocked=False), registered()) == {"public-possible"}
    assert rules(facts(role(grant()), public_access_blocked=True), registered()) == set()


def test_nothing_is_called_missing_when_not_all_policies_could_be_read() -> None:
    assert rules(facts(role(), complete=False), registered()) == set()


def test_the_mode_that_lightly_documents_for_own_networks_is_not_called_broken() -> None:
    lists = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::datalake"}
    lists["Condition"] = {"StringLike": {"s3:prefix": [PATH[:-1], PATH, f"{PATH}*"]}}  # type: ignore[assignment]  # a table
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::datalake/{PATH}*"}
    reads["Condition"] = {"IpAddress": {"aws:SourceIp": ["21.21.21.0/24"]}}  # type: ignore[assignment]  # a table
    seen = found(facts(role(document(lists, reads))), registered(Purpose.INPUT))
    assert [(finding.rule, finding.severity) for finding in seen] == [("network-bound", Severity.LOW)]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ({"Principal": "*"}, "public-bucket"),
        ({"Principal": {"AWS": "arn:aws:iam::916419735646:root"}}, "bucket-names-lightly"),
    ],
)
def test_a_bucket_policy_that_lets_others_in_is_named(statement: dict[str, str], rule: str) -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::datalake/*", **statement}
    assert rule in rules(facts(role(grant()), bucket_policy=document(allow)), registered())


def test_a_policy_that_aws_would_not_accept_is_no_silence() -> None:
    assert "policy-unreadable" in rules(facts(role(grant(), "{}")), registered())


@given(
    actions=st.lists(
        st.sampled_from(["s3:*", "s3:Get*", "*", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "iam:PassRole"]),
        min_size=1,
        max_size=3,
    ),
    resource=st.sampled_from(["*", "arn:aws:s3:::datalake", "arn:aws:s3:::datalake/*", "arn:aws:s3:::d*/*"]),
)
def test_whatever_lets_a_case_through_that_must_be_refused_has_a_finding(actions: list[str], resource: str) -> None:
    from lightly_access.kinds.s3.audit.grant import GrantDocuments

    known = facts(role(grant(Purpose.INPUT), document({"Effect": "Allow", "Action": actions, "Resource": resource})))
    documents = GrantDocuments.of(registered(Purpose.INPUT), known, NOW)
    assert documents is not None
    policies = [policy for _, policy in documents.policies]
    beyond = [case for case in documents.cases if not case.expected and documents.decide(case, policies, None).allowed]
    assert not beyond or found(known, registered(Purpose.INPUT))
