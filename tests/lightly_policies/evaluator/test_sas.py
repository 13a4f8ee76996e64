"""The evaluator of SAS tokens: what Azure's tables say, and that nothing can be changed without being noticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.evaluator.sas import NEVER, OPERATIONS, Grant, MalformedSasError, Request, Sas, decide
from lightly_policies.sas import StoredPolicy, token

KEY = "a2V5LW9mLXRoZS1hY2NvdW50"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = StoredPolicy("cows-input", "rl", NOW - timedelta(days=1), NOW + timedelta(days=30))


def grant(text: str = "", policy: StoredPolicy | None = POLICY, directory: str = "") -> Grant:
    made = text or token("acmephotos", "lake", "cows-input", KEY, directory=directory)
    return Grant(Sas.parse(made), "acmephotos", "lake", directory, policy, KEY if "skoid" not in made else None)


def ask(operation: str = "read", path: str = "cows/a.png", **more: str | datetime) -> Request:
    request = Request(operation, "acmephotos", "lake", path, NOW)
    return replace(request, **more)  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("permissions", ["r", "l", "w", "c", "d", "a", "t", "x", "rl", "rwdl"])
def test_an_operation_needs_one_of_its_letters(operation: str, permissions: str) -> None:
    decision = decide(ask(operation), grant(policy=replace(POLICY, permissions=permissions)))
    assert decision.allowed is bool(set(OPERATIONS[operation]) & set(permissions))
    assert decision.allowed or "AuthorizationPermissionMismatch" in decision.reason


def test_create_makes_a_blob_and_does_not_overwrite_one() -> None:
    creating = grant(policy=replace(POLICY, permissions="c"))
    assert decide(ask("write"), creating).allowed
    assert not decide(ask("overwrite"), creating).allowed


@pytest.mark.parametrize("operation", NEVER)
def test_no_letter_reaches_the_container_itself(operation: str) -> None:
    everything = grant(policy=replace(POLICY, permissions="racwdxyltfmeopi"))
    assert "AuthorizationResourceTypeMismatch" in decide(ask(operation), everything).reason


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (ask(container="other"), "another container"),
        (ask(account="other"), "another container"),
        (ask(scheme="http"), "AuthorizationProtocolMismatch"),
        (ask(time=NOW - timedelta(days=2)), "not valid yet"),
        (ask(time=NOW + timedelta(days=30)), "not valid any more"),
    ],
)
def test_what_is_beside_its_terms_is_refused(request_: Request, why: str) -> None:
    decision = decide(request_, grant())
    assert (decision.allowed, why in decision.reason) == (False, True)


def test_a_dropped_stored_policy_kills_its_tokens() -> None:
    assert decide(ask(), grant()).allowed
    for policy in (None, replace(POLICY, id="another")):
        assert "no stored policy" in decide(ask(), grant(policy=policy)).reason


def test_a_term_may_stand_in_the_token_or_in_its_policy_and_not_in_both() -> None:
    text = token("acmephotos", "lake", "cows-input", KEY)
    both = Grant(Sas.parse(f"{text}&sp=r"), "acmephotos", "lake", policy=POLICY)
    assert "sp in the token and in its stored policy" in decide(ask(), both).reason
    split = Grant(Sas.parse(f"{text}&sp=r"), "acmephotos", "lake", policy=replace(POLICY, permissions=None))
    assert decide(ask(), split).allowed
    endless = replace(POLICY, expiry=None)
    assert "without an end" in decide(ask(), grant(policy=endless)).reason


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("a/b/c.png", True), ("a/b/", True), ("a/bc/c.png", False), ("a/", False), ("a/c.png", False), ("A/B/c", False)],
)
def test_a_directory_sas_ends_at_its_directory(path: str, allowed: bool) -> None:
    item = grant(directory="a/b/")
    assert decide(ask("read", path), item).allowed is allowed
    assert decide(ask("list", path), item).allowed is allowed


def test_the_depth_must_be_that_of_the_directory() -> None:
    sas = grant(directory="a/b/").sas
    for wrong in ("0", "1", "3"):
        shallow = Grant(Sas({**sas.fields, "sdd": wrong}), "acmephotos", "lake", "a/b/", POLICY)
        assert "sdd" in decide(ask("read", "a/b/c"), shallow).reason


@pytest.mark.parametrize(
    ("ip", "allowed"), [("10.0.0.1", True), ("10.0.0.9", True), ("10.0.1.0", False), ("::1", False)]
)
def test_addresses_are_a_range(ip: str, allowed: bool) -> None:
    sas = Sas({**grant().sas.fields, "sip": "10.0.0.1-10.0.0.9"})
    assert decide(ask(ip=ip), Grant(sas, "acmephotos", "lake", policy=POLICY)).allowed is allowed


def test_a_user_delegation_sas_has_its_terms_in_itself_and_no_stored_policy() -> None:
    text = "sv=2026-04-06&sr=c&sig=x&skoid=o&sktid=t&skt=2026-11-21&ske=2026-11-27&sks=b&skv=2026-04-06&spr=https"
    whole = f"{text}&sp=rl&st=2026-11-20T00:00:00Z&se=2026-11-27T00:00:00Z"
    assert decide(ask(), grant(whole, policy=None)).allowed
    assert "has no stored policy" in decide(ask(), grant(f"{text}&si=cows-input")).reason
    assert "without permissions" in decide(ask(), grant(text, policy=None)).reason


@given(name=st.sampled_from(["sv", "sr", "spr", "si", "sig", "sdd"]), value=st.text("abc019/-", max_size=12))
def test_no_parameter_can_be_changed_without_the_key(name: str, value: str) -> None:
    item = grant(directory="a/b/")
    changed = Sas({**item.sas.fields, name: value})
    if changed.fields != item.sas.fields:
        assert not decide(ask("read", "a/b/c"), replace(item, sas=changed)).allowed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "without sig"),
        ("sv=1&sr", "pairs"),
        ("sv=1&sr=c", "without sig"),
        ("sv=1&sr=c&sig=x&sr=d", "given twice: sr"),
        ("sv=1&sr=c&sig=x&se=tomorrow", "se is not"),
        ("sv=1&sr=c&sig=x&se=2026-13-01", "se is not a time"),
    ],
)
def test_what_cannot_be_read_is_said_without_values(text: str, why: str) -> None:
    with pytest.raises(MalformedSasError, match=why):
        Sas.parse(text)


def test_no_repr_shows_a_token_or_a_key() -> None:
    item = grant()
    assert item.sas.fields["sig"] not in repr(item)
    assert KEY not in repr(item)
