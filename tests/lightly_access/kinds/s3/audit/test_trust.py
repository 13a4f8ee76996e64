"""Who may become the role, with what, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.audit.finding import Finding, Severity, by_severity
from lightly_access.kinds.s3.audit.compare import findings
from lightly_access.kinds.s3.audit.external_id import weakness
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT
from lightly_core.secret import Secret
from lightly_policies.render_aws import aws_trust

from tests.lightly_access.kinds.s3.audit.example import STRONG, document, facts, grant, registered, role, trust

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LIGHTLY = f"arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root"
EXACT = {"StringEquals": {"sts:ExternalId": STRONG}}


def found(trusting: str, **more: Any) -> list[Finding]:
    session = more.pop("session", 43200)
    aws_facts = facts(role(grant(), trust=trusting, session=session), **more)
    return list(by_severity(findings(registered(), aws_facts, "cows", NOW)))


@pytest.mark.parametrize(
    ("trusting", "rule", "severity"),
    [
        (trust(), "no-external-id", Severity.CRITICAL),
        (trust({"StringLike": {"sts:ExternalId": "*"}}), "external-id-wildcard", Severity.CRITICAL),
        (trust({"StringLike": {"sts:ExternalId": STRONG}}), "external-id-like", Severity.MEDIUM),
        (trust({"StringEqualsIfExists": {"sts:ExternalId": STRONG}}), "external-id-optional", Severity.CRITICAL),
        (trust({"ForAllValues:StringEquals": {"sts:ExternalId": STRONG}}), "external-id-optional", Severity.CRITICAL),
        (trust({"StringEquals": {"sts:ExternalId": [STRONG, "another"]}}), "several-external-ids", Severity.MEDIUM),
        (trust(EXACT, principal="*"), "trusts-everyone", Severity.CRITICAL),
        (trust(EXACT, principal={"AWS": [LIGHTLY, "666666666666"]}), "trusts-others", Severity.HIGH),
        (trust(EXACT, principal={"AWS": LIGHTLY, "Service": "ec2.amazonaws.com"}), "trusts-others", Severity.HIGH),
        (trust(EXACT, principal={"AWS": [LIGHTLY, "123456789012"]}), "trusts-own-account", Severity.MEDIUM),
        (trust(EXACT, Action=["sts:AssumeRole", "sts:TagSession"]), "trust-actions", Severity.MEDIUM),
        (trust(EXACT, Action="sts:*"), "trust-actions", Severity.MEDIUM),
        (aws_trust("another-strong-one-4711-xyz-abc"), "lightly-locked-out", Severity.HIGH),
        (trust(EXACT, principal={"AWS": "666666666666"}), "lightly-locked-out", Severity.HIGH),
        (document({"Effect": "Allow"}), "trust-unreadable", Severity.MEDIUM),
    ],
)
def test_every_weakness_of_a_trust_policy_is_named(trusting: str, rule: str, severity: Severity) -> None:
    assert severity in {finding.severity for finding in found(trusting) if finding.rule == rule}


def test_a_right_trust_policy_has_no_finding() -> None:
    assert found(aws_trust(STRONG)) == []


@pytest.mark.parametrize("operator", ["DateLessThan", "DateLessThanEquals"])
@pytest.mark.parametrize(
    ("until", "rule", "severity"),
    [
        ("2027-06-01", "ends", Severity.LOW),
        ("2026-12-01", "ends", Severity.MEDIUM),
        ("2026-06-01", "lightly-locked-out", Severity.HIGH),
    ],
)
def test_a_trust_policy_with_an_end_locks_lightly_out_from_its_end_on(
    operator: str, until: str, rule: str, severity: Severity
) -> None:
    (only,) = found(trust({**EXACT, operator: {"aws:CurrentTime": f"{until}T00:00:00Z"}}))
    assert (only.rule, only.severity) == (rule, severity)
    assert only.what.startswith(f"from {until} 00:00 UTC on: ") is (rule == "ends")


def test_an_end_is_found_in_whatever_form_and_the_last_of_several_counts() -> None:
    day = int(datetime(2027, 6, 1, tzinfo=UTC).timestamp())
    for condition in (
        {"NumericLessThan": {"aws:EpochTime": str(day)}},
        {"DateLessThan": {"aws:EpochTime": str(day)}},
        {"DateLessThan": {"aws:CurrentTime": ["2027-01-01T00:00:00Z", "2027-06-01T00:00:00Z"]}},
    ):
        (only,) = found(trust({**EXACT, **condition}))
        assert only.what.startswith("from 2027-06-01 00:00 UTC on: "), condition
    assert found(trust({**EXACT, "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}})) == []


def test_a_trust_policy_that_asks_what_nobody_knows_here_depends_and_one_that_asks_for_an_address_locks_out() -> None:
    (depends,) = found(trust({**EXACT, "StringEquals": {**EXACT["StringEquals"], "aws:PrincipalOrgID": "o-acme"}}))
    assert (depends.severity, depends.rule) == (Severity.MEDIUM, "depends")
    (locked,) = found(trust({**EXACT, "IpAddress": {"aws:SourceIp": "21.21.21.0/24"}}))
    assert (locked.severity, locked.rule) == (Severity.HIGH, "lightly-locked-out")


def test_a_role_that_does_not_name_lightly_is_locked_out_even_when_lightly_masks_the_external_id() -> None:
    masked = registered()
    masked = replace(masked, secrets={})
    aws_facts = facts(role(grant(), trust=trust(EXACT, principal={"AWS": "666666666666"})))
    assert "lightly-locked-out" in {each.rule for each in findings(masked, aws_facts, "cows", NOW)}


@pytest.mark.parametrize("session", [3600, 14400])
def test_a_short_session_is_one_that_lightly_cannot_use(session: int) -> None:
    (only,) = found(aws_trust(STRONG), session=session)
    assert (only.rule, only.severity) == ("session-length", Severity.HIGH)
    assert "43200" in only.fix


def test_roles_that_share_the_external_id_are_named() -> None:
    (only,) = found(aws_trust(STRONG), same_external_id=("role lightly-other",))
    assert only.rule == "external-id-shared"
    assert "lightly-other" in only.what


@pytest.mark.parametrize(
    "external_id",
    [
        "lightly123",
        "1234567890",
        "a" * 40,
        "lightly-datalake-123456789012-external",
        "farm-animals-farm-animals-access",
    ],
)
def test_a_guessable_external_id_is_weak(external_id: str) -> None:
    assert weakness(external_id, ("datalake", "123456789012", "farm-animals"))


@pytest.mark.parametrize(
    "external_id", [STRONG, "b9f1c2d4-6a3e-4f0a-9d87-1c5e2f7a8b60", "f3a91c7be0d24865f1a7c39e0b6d8254"]
)
def test_random_ones_are_not(external_id: str) -> None:
    assert weakness(external_id, ("datalake", "123456789012", "cows")) is None


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789_-*", min_size=8, max_size=60).map("zQ7{}".format))
def test_no_finding_and_no_fact_ever_shows_the_external_id(external_id: str) -> None:
    aws_facts = facts(role(grant(), trust=trust({"StringLike": {"sts:ExternalId": external_id}}, principal="*")))
    shown = registered()
    asked = replace(shown, secrets={"externalId": Secret(external_id)})
    assert "zQ7" not in repr([aws_facts, asked, list(findings(asked, aws_facts, "cows", NOW))])
