"""Same account, other account, boundary, session policy, root, anonymous: who must allow, and what limits what."""

from typing import Any

import pytest
from lightly_policies.evaluator.aws import Document, Principal, denial

from tests.lightly_policies.evaluator.people import (
    ANONYMOUS,
    BUCKET,
    OTHER,
    OWN,
    allowed,
    ask,
    decision,
    document,
    root,
    root_arn,
    session,
    statement,
    user,
)

READ = document(statement(Sid="Read"), name="grant")
NOTHING = document(statement(action="s3:ListAllMyBuckets", Resource="*"), name="nothing")
DENY = statement("Deny", Sid="Never")


def _bucket(*principals: object, effect: str = "Allow", **elements: Any) -> Document:
    return document(
        *(statement(effect, Sid=f"S{i}", Principal=who, **elements) for i, who in enumerate(principals)), name="bucket"
    )


def test_nothing_is_allowed_without_a_statement() -> None:
    refused = decision(ask(user()))
    assert (refused.allowed, refused.statement) == (False, None)
    assert refused.reason == "no identity-based policy allows the s3:GetObject action"


def test_an_identity_policy_is_enough_in_the_own_account() -> None:
    assert decision(ask(user()), NOTHING, READ).statement == "grant/Read"
    assert allowed(ask(session()), READ)


def test_a_bucket_policy_is_enough_in_the_own_account() -> None:
    granted = decision(ask(user()), resource=_bucket({"AWS": user().arn}))
    assert (granted.allowed, granted.statement) == (True, "bucket/S0")


def test_a_bucket_policy_for_the_account_leaves_it_to_iam() -> None:
    for account in (root_arn(), OWN):
        assert not allowed(ask(user()), resource=_bucket({"AWS": account}))
        assert allowed(ask(user()), READ, resource=_bucket({"AWS": account}))


def test_a_statement_for_the_account_does_not_hide_one_for_the_user() -> None:
    assert allowed(ask(user()), resource=_bucket({"AWS": root_arn()}, {"AWS": user().arn}), boundary=NOTHING)


def test_across_accounts_both_sides_must_allow() -> None:
    stranger = ask(user(account=OTHER))
    admitting = _bucket({"AWS": root_arn(OTHER)})
    assert allowed(stranger, READ, resource=admitting)
    assert allowed(stranger, READ, resource=_bucket({"AWS": user(account=OTHER).arn}))
    assert decision(stranger, READ).reason == "no resource-based policy allows the s3:GetObject action"
    assert decision(stranger, resource=admitting).reason == "no identity-based policy allows the s3:GetObject action"
    assert not allowed(stranger, READ, resource=admitting, boundary=NOTHING)
    assert not allowed(stranger, READ, resource=_bucket({"AWS": root_arn()}))
    assert not allowed(stranger, resource=_bucket("*"))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("identity", "explicit deny in an identity-based policy"),
        ("boundary", "explicit deny in a permissions boundary"),
        ("session", "explicit deny in a session policy"),
        ("resource", "explicit deny in a resource-based policy"),
    ],
)
def test_an_explicit_deny_wins_wherever_it_stands(where: str, words: str) -> None:
    allow = statement(Sid="Read")
    admit: dict[str, Any] = {"Principal": {"AWS": session().arn}} if where == "resource" else {}
    denying = document(statement(Sid="Read", **admit), {**DENY, **admit}, name=where)
    if where == "identity":
        refused = decision(ask(session()), READ, denying)
    else:
        refused = decision(ask(session()), document(allow), **{where: denying})
    assert (refused.allowed, refused.reason, refused.statement) == (False, words, f"{where}/Never")


def test_a_deny_for_others_denies_nobody_else() -> None:
    denying = _bucket({"AWS": user("eve").arn}, effect="Deny")
    assert allowed(ask(user("bob")), READ, resource=denying)
    assert not allowed(ask(user("eve")), READ, resource=denying)


@pytest.mark.parametrize("who", ["*", {"AWS": "*"}, {"AWS": root_arn()}, {"AWS": OWN}])
def test_a_deny_for_the_account_denies_everybody_in_it(who: object) -> None:
    denying = _bucket(who, effect="Deny")
    for principal in (user(), session(), root()):
        assert not allowed(ask(principal), READ, resource=denying)


def test_a_deny_for_a_role_denies_its_sessions() -> None:
    denying = _bucket({"AWS": session().role_arn}, effect="Deny")
    assert not allowed(ask(session()), READ, resource=denying)


def test_a_boundary_limits_identity_policies() -> None:
    refused = decision(ask(user()), READ, boundary=NOTHING)
    assert refused.reason == "no permissions boundary allows the s3:GetObject action"
    assert not allowed(ask(user()), boundary=READ)
    assert allowed(ask(user()), READ, boundary=READ)


def test_a_session_policy_limits_identity_policies() -> None:
    refused = decision(ask(session()), READ, session=NOTHING)
    assert refused.reason == "no session policy allows the s3:GetObject action"
    assert not allowed(ask(session()), session=READ)
    assert allowed(ask(user()), READ, session=NOTHING), "users have no session policy"


@pytest.mark.parametrize(
    ("who", "named", "limited"),
    [
        (user(), {"AWS": user().arn}, False),
        (session(), {"AWS": session().arn}, False),
        (session(), {"AWS": session().role_arn}, True),
        (session(), "*", False),
        (user(), "*", False),
        (user(), {"AWS": OWN}, True),
    ],
)
def test_whether_boundary_and_session_policy_limit_a_bucket_policys_grant(
    who: Principal, named: object, limited: bool
) -> None:
    assert allowed(ask(who), resource=_bucket(named), boundary=NOTHING) is not limited
    if who.kind == "session":
        assert allowed(ask(who), resource=_bucket(named), session=NOTHING) is not limited


def test_a_role_is_named_with_its_path_and_a_session_without_it() -> None:
    assert allowed(ask(session()), resource=_bucket({"AWS": session().role_arn}))
    assert allowed(ask(session()), resource=_bucket({"AWS": session().arn}))
    assert not allowed(ask(session("else")), resource=_bucket({"AWS": session("sess").arn}))
    assert not allowed(ask(session()), resource=_bucket({"AWS": f"arn:aws:iam::{OWN}:role/reader"}))


def test_unique_ids_name_users_and_roles() -> None:
    assert allowed(ask(user()), resource=_bucket({"AWS": "AIDABOB00000000"}))
    assert allowed(ask(session()), resource=_bucket({"AWS": "AROAREADER00000"}))
    assert not allowed(ask(user("eve")), resource=_bucket({"AWS": "AIDABOB00000000"}))


def test_the_root_user_may_all_in_its_account_but_what_a_bucket_policy_denies() -> None:
    assert allowed(ask(root()), boundary=NOTHING)
    denying = _bucket("*", effect="Deny", action="s3:*", Resource=[BUCKET, f"{BUCKET}/*"])
    assert not allowed(ask(root()), resource=denying)
    assert allowed(ask(root(), "s3:DeleteBucketPolicy", BUCKET), resource=denying)
    assert not allowed(ask(user(), "s3:DeleteBucketPolicy", BUCKET), READ, resource=denying)


def test_the_root_user_of_another_account_needs_the_bucket_policy_only() -> None:
    assert not allowed(ask(root(OTHER)))
    assert allowed(ask(root(OTHER)), resource=_bucket({"AWS": OTHER}))


def test_anonymous_callers_get_what_everyone_gets() -> None:
    assert allowed(ask(ANONYMOUS), resource=_bucket("*"))
    assert allowed(ask(ANONYMOUS), resource=_bucket({"AWS": "*"}))
    assert not allowed(ask(ANONYMOUS), READ, resource=_bucket({"AWS": root_arn()}))
    assert not allowed(ask(ANONYMOUS), READ)


def test_services_and_federated_providers_are_named_by_their_kind() -> None:
    logging = Principal("logging.s3.amazonaws.com", "", "service")
    assert allowed(ask(logging), resource=_bucket({"Service": logging.arn}))
    assert not allowed(ask(logging), resource=_bucket("*"))
    provider = Principal("accounts.google.com", "", "federated")
    assert allowed(ask(provider), resource=_bucket({"Federated": provider.arn}))
    assert not allowed(ask(user()), resource=_bucket({"Service": "*"}, {"Federated": user().arn}))


def test_a_canonical_user_is_an_account() -> None:
    someone = Principal(user(account=OTHER).arn, OTHER, "user", canonical_id="79a5")
    assert allowed(ask(someone), READ, resource=_bucket({"CanonicalUser": "79a5"}))
    assert not allowed(ask(someone), READ, resource=_bucket({"CanonicalUser": "80b6"}))


def test_not_principal_spares_only_who_is_listed_with_all_above_him() -> None:
    def denying(*listed: str | None) -> bool:
        denying = statement("Deny", NotPrincipal={"AWS": list(listed)})
        return not allowed(ask(session()), READ, resource=document(denying))

    assert not denying(root_arn(), session().role_arn, session().arn)
    assert denying(root_arn(), session().role_arn)
    assert denying(session().arn)
    assert denying(root_arn(OTHER))


def test_an_allow_with_not_principal_is_for_everyone_but_the_listed() -> None:
    policy = document(statement(NotPrincipal={"AWS": [user("eve").arn, root_arn(OTHER)]}))
    assert allowed(ask(user("bob")), resource=policy)
    assert allowed(ask(ANONYMOUS), resource=policy)
    assert not allowed(ask(user("eve")), resource=policy)
    assert not allowed(ask(user(account=OTHER)), READ, resource=policy)


def test_a_statement_out_of_place_never_allows_and_still_denies() -> None:
    with_principal = document(statement(Principal="*"))
    assert not allowed(ask(user()), with_principal)
    assert not allowed(ask(user()), READ, boundary=with_principal)
    assert not allowed(ask(user()), resource=READ)
    assert not allowed(ask(user()), resource=document(statement(Principal="*", Resource=None)))
    assert not allowed(ask(user()), READ, document(statement("Deny", Principal={"AWS": OTHER})))
    assert not allowed(ask(user()), READ, resource=document(statement("Deny")))


def test_a_refusal_reads_as_aws_writes_it() -> None:
    request = ask(user(), "s3:PutObject")
    assert denial(request, decision(request, READ)) == (
        "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:PutObject on resource: "
        '"arn:aws:s3:::data/p/x" because no identity-based policy allows the s3:PutObject action'
    )
    denied = ask(user())
    assert denial(denied, decision(denied, READ, document(DENY))).endswith(
        "with an explicit deny in an identity-based policy"
    )
