"""What moto 5.2.5 decides wrongly, line by line: the evaluator must not."""

from typing import Any

import pytest

from tests.lightly_policies.evaluator.people import (
    BUCKET,
    OWN,
    allowed,
    ask,
    document,
    root_arn,
    session,
    statement,
    user,
)

_LIST = "s3:ListBucket"
_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def _lists(condition: dict[str, Any], **context: Any) -> bool:
    grant = document(statement(action=_LIST, Resource=BUCKET, Condition=condition))
    return allowed(ask(user(), _LIST, BUCKET, **context), grant)


@pytest.mark.parametrize("operator", ["StringLike", "StringEquals"])
def test_conditions_of_identity_policies_count(operator: str) -> None:
    assert _lists({operator: {"s3:prefix": "p/"}}, s3__prefix="p/")
    assert not _lists({operator: {"s3:prefix": "p/"}}, s3__prefix="q/")
    assert not _lists({operator: {"s3:prefix": "p/"}})


def test_source_addresses_count() -> None:
    here = {"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}}
    assert _lists(here, aws__SourceIp="127.0.0.1")
    assert not _lists(here, aws__SourceIp="127.0.0.2")


def test_a_deny_with_a_condition_denies_only_under_it() -> None:
    grant = document(statement(), statement("Deny", Condition=_TLS))
    assert allowed(ask(user(), aws__SecureTransport="true"), grant)
    assert not allowed(ask(user(), aws__SecureTransport="false"), grant)


def test_principals_are_whole_names_not_substrings() -> None:
    trust = document(statement(action="sts:AssumeRole", Principal={"AWS": user("bobby").arn}, Resource=None))
    assert not allowed(ask(user("bob"), "sts:AssumeRole", f"arn:aws:iam::{OWN}:role/r"), resource=trust)


def test_a_trust_policys_string_like_and_deny_count() -> None:
    role, anyone = f"arn:aws:iam::{OWN}:role/r", {"AWS": user().arn}
    like = {"StringLike": {"sts:ExternalId": "team-*"}}
    trusting = statement(action="sts:AssumeRole", Principal=anyone, Resource=None, Condition=like)
    refusing = {**trusting, "Effect": "Deny", "Condition": {"StringEquals": {"sts:ExternalId": "team-out"}}}
    trust = document(trusting, refusing)
    assert allowed(ask(user(), "sts:AssumeRole", role, sts__ExternalId="team-in"), resource=trust)
    assert not allowed(ask(user(), "sts:AssumeRole", role, sts__ExternalId="team-out"), resource=trust)
    assert not allowed(ask(user(), "sts:AssumeRole", role, sts__ExternalId="other"), resource=trust)


def test_session_policies_count() -> None:
    everything = document(statement(action="s3:*", Resource="*"))
    reading = document(statement(Resource="*"))
    assert allowed(ask(session(), "s3:GetObject"), everything, session=reading)
    assert not allowed(ask(session(), "s3:PutObject"), everything, session=reading)


def test_a_bucket_policys_allow_counts_and_so_does_its_deny_of_listing() -> None:
    admitting = statement(action=_LIST, Resource=BUCKET, Principal={"AWS": user().arn})
    assert allowed(ask(user(), _LIST, BUCKET), resource=document(admitting))
    grant = document(statement(action=_LIST, Resource=BUCKET))
    denying = document(statement("Deny", _LIST, Resource=BUCKET, Principal={"AWS": user("eve").arn}))
    assert allowed(ask(user("bob"), _LIST, BUCKET), grant, resource=denying)
    assert not allowed(ask(user("eve"), _LIST, BUCKET), grant, resource=denying)


def test_boundaries_count() -> None:
    everything = document(statement(action="*", Resource="*"))
    assert not allowed(ask(user(), "s3:PutObject"), everything, boundary=document(statement(Resource="*")))


def test_the_tls_only_policy_refuses_plain_http() -> None:
    policy = document(
        statement("Deny", "s3:*", Principal="*", Resource=[BUCKET, f"{BUCKET}/*"], Condition=_TLS),
        statement(Principal={"AWS": root_arn()}),
    )
    grant = document(statement())
    assert allowed(ask(user(), aws__SecureTransport="true"), grant, resource=policy)
    assert not allowed(ask(user(), aws__SecureTransport="false"), grant, resource=policy)


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("arn:aws:s3:::d?ta/*", "arn:aws:s3:::data/x", True),
        ("arn:aws:s3:::d.ta/*", "arn:aws:s3:::data/x", False),
        ("arn:aws:s3:::data/[xy]", "arn:aws:s3:::data/x", False),
        ("arn:aws:s3:::data/x+", "arn:aws:s3:::data/x+", True),
        ("arn:aws:s3:::data/x", "arn:aws:s3:::data/xy", False),
    ],
)
def test_patterns_are_no_regular_expressions(pattern: str, resource: str, expected: bool) -> None:
    assert allowed(ask(user(), resource=resource), document(statement(Resource=pattern))) is expected


def test_not_resource_and_the_case_of_actions_count() -> None:
    grant = document(statement(action="S3:GETOBJECT", Resource=None, NotResource=f"{BUCKET}/secret/*"))
    assert allowed(ask(user(), resource=f"{BUCKET}/open"), grant)
    assert not allowed(ask(user(), resource=f"{BUCKET}/secret/x"), grant)
