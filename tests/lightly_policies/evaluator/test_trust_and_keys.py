"""Roles and keys: the resource's own policy must admit before IAM counts."""

from typing import Any

import pytest
from lightly_policies.evaluator.aws import Document, Principal

from tests.lightly_policies.evaluator.people import (
    KEY,
    OTHER,
    OWN,
    ROLE,
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

ASSUME = "sts:AssumeRole"
MAY_ASSUME = document(statement(action=ASSUME, Resource="*"), name="caller")
MAY_USE = document(statement(action="kms:*", Resource=KEY), name="caller")


def _trust(who: object, external_id: str | None = None, **elements: Any) -> Document:
    condition = {"StringEquals": {"sts:ExternalId": external_id}} if external_id else None
    trusting = statement(action=ASSUME, Principal=who, Condition=condition, Resource=None, **elements)
    return document(trusting, name="trust")


def _key(who: object, *more: dict[str, object]) -> Document:
    return document(statement(action="kms:*", Principal=who, Resource="*"), *more, name="key")


LIGHTLY = user("worker", OTHER)
DELEGATED = _trust({"AWS": root_arn(OTHER)}, "my-external-id")


def test_lightly_assumes_the_role_with_the_external_id() -> None:
    assert allowed(ask(LIGHTLY, ASSUME, ROLE, sts__ExternalId="my-external-id"), MAY_ASSUME, resource=DELEGATED)


@pytest.mark.parametrize("given", ["", "wrong", "my-external-id2", "MY-EXTERNAL-ID", "*", None])
def test_no_other_external_id_will_do(given: str | None) -> None:
    context = {} if given is None else {"sts__ExternalId": given}
    refused = decision(ask(LIGHTLY, ASSUME, ROLE, **context), MAY_ASSUME, resource=DELEGATED)
    assert refused.reason == "no role trust policy allows the sts:AssumeRole action"


def test_another_account_and_the_own_one_may_not() -> None:
    for caller in (user("x", "666666666666"), user(), session()):
        request = ask(caller, ASSUME, ROLE, sts__ExternalId="my-external-id")
        assert not allowed(request, MAY_ASSUME, resource=DELEGATED)


def test_across_accounts_the_caller_must_be_allowed_by_its_own_side() -> None:
    request = ask(LIGHTLY, ASSUME, ROLE, sts__ExternalId="my-external-id")
    assert decision(request, resource=DELEGATED).reason == "no identity-based policy allows the sts:AssumeRole action"
    assert not allowed(request, MAY_ASSUME, resource=DELEGATED, boundary=MAY_USE)
    assert not allowed(request, resource=_trust({"AWS": LIGHTLY.arn}))


def test_in_the_own_account_a_trust_that_names_the_identity_is_enough() -> None:
    assert allowed(ask(user(), ASSUME, ROLE), resource=_trust({"AWS": user().arn}))
    assert allowed(ask(session(), ASSUME, ROLE), resource=_trust({"AWS": session().role_arn}))
    assert not allowed(ask(user(), ASSUME, ROLE), resource=_trust({"AWS": root_arn()}))
    assert allowed(ask(user(), ASSUME, ROLE), MAY_ASSUME, resource=_trust({"AWS": root_arn()}))


def test_without_a_trust_policy_nobody_assumes_a_role() -> None:
    assert not allowed(ask(user(), ASSUME, ROLE), MAY_ASSUME)
    assert not allowed(ask(user(), ASSUME, ROLE), MAY_ASSUME, resource=_trust({"AWS": user("eve").arn}))


def test_a_trust_policy_may_deny() -> None:
    trust = document(
        statement(action=ASSUME, Principal={"AWS": root_arn(OTHER)}, Resource=None),
        statement("Deny", ASSUME, Sid="Not", Principal={"AWS": LIGHTLY.arn}, Resource=None),
        name="trust",
    )
    refused = decision(ask(LIGHTLY, ASSUME, ROLE), MAY_ASSUME, resource=trust)
    assert (refused.reason, refused.statement) == ("explicit deny in the role trust policy", "trust/Not")
    assert allowed(ask(user("else", OTHER), ASSUME, ROLE), MAY_ASSUME, resource=trust)


def test_the_root_user_assumes_no_role() -> None:
    refused = decision(ask(root(OTHER), ASSUME, ROLE), resource=_trust({"AWS": root_arn(OTHER)}))
    assert refused.reason == "roles may not be assumed by root accounts"


def test_tagging_a_session_is_an_action_of_its_own() -> None:
    allowed_all = document(statement(action="sts:*", Resource="*"))
    request = ask(LIGHTLY, "sts:TagSession", ROLE, sts__ExternalId="my-external-id")
    assert not allowed(request, allowed_all, resource=DELEGATED)


WEB = "sts:AssumeRoleWithWebIdentity"
ISSUER = "token.actions.githubusercontent.com"


def _federated(issuer: str = ISSUER) -> Principal:
    return Principal(f"arn:aws:iam::{OWN}:oidc-provider/{issuer}", OWN, "federated")


def test_a_federated_caller_needs_the_trust_policy_alone_and_its_own_claims() -> None:
    bound = {"StringEquals": {f"{ISSUER}:sub": "repo:octo-org/data:environment:production"}}
    trusting = statement(action=WEB, Principal={"Federated": _federated().arn}, Condition=bound, Resource=None)
    trust = document(trusting, name="trust")

    def lets_in(who: Principal, subject: str | None, action: str = WEB) -> bool:
        claims = {} if subject is None else {f"{ISSUER}__sub": subject}
        return allowed(ask(who, action, ROLE, **claims), MAY_ASSUME, resource=trust)

    right = "repo:octo-org/data:environment:production"
    assert lets_in(_federated(), right)
    assert not lets_in(_federated(), right.replace("octo-org", "Octo-Org"))
    assert not lets_in(_federated(), None)
    assert not lets_in(_federated(), right, ASSUME)
    assert not lets_in(_federated("gitlab.com"), right)
    assert not lets_in(user(), right)


def test_the_account_and_everyone_of_aws_are_no_federated_caller() -> None:
    for who in (root_arn(), "*"):
        trust = document(statement(action=WEB, Principal={"AWS": who}, Resource=None), name="trust")
        refused = decision(ask(_federated(), WEB, ROLE), MAY_ASSUME, resource=trust)
        assert refused.reason == f"no role trust policy allows the {WEB} action"


def test_a_key_policy_must_admit_the_account_before_iam_counts() -> None:
    request = ask(user(), "kms:Decrypt", KEY)
    assert not allowed(request, MAY_USE)
    assert not allowed(request, MAY_USE, resource=_key({"AWS": user("eve").arn}))
    assert not allowed(request, resource=_key({"AWS": root_arn()}))
    assert allowed(request, MAY_USE, resource=_key({"AWS": root_arn()}))
    assert decision(request, MAY_USE).reason == "no resource-based policy allows the kms:Decrypt action"


def test_a_key_policy_that_names_the_identity_is_enough() -> None:
    assert allowed(ask(user(), "kms:Decrypt", KEY), resource=_key({"AWS": user().arn}))
    assert allowed(ask(session(), "kms:Decrypt", KEY), resource=_key({"AWS": session().role_arn}))


def test_even_the_root_user_needs_the_key_policy() -> None:
    assert not allowed(ask(root(), "kms:Decrypt", KEY), resource=_key({"AWS": user().arn}))
    assert allowed(ask(root(), "kms:Decrypt", KEY), resource=_key({"AWS": root_arn()}))


def test_a_key_of_another_account_needs_both() -> None:
    request = ask(user(account=OTHER), "kms:Decrypt", KEY)
    assert not allowed(request, MAY_USE, resource=_key({"AWS": root_arn()}))
    assert not allowed(request, resource=_key({"AWS": root_arn(OTHER)}))
    assert allowed(request, MAY_USE, resource=_key({"AWS": root_arn(OTHER)}))


def test_actions_without_a_key_need_no_key_policy() -> None:
    assert allowed(ask(user(), "kms:ListKeys", "*"), document(statement(action="kms:ListKeys", Resource="*")))


def test_via_service_binds_a_key_to_s3() -> None:
    through = {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}
    grant = document(statement(action="kms:Decrypt", Resource=KEY, Condition=through))
    admitting = _key({"AWS": OWN})

    def used(**context: Any) -> bool:
        return allowed(ask(user(), "kms:Decrypt", KEY, **context), grant, resource=admitting)

    assert used(kms__ViaService="s3.eu-central-1.amazonaws.com")
    assert not used(kms__ViaService="ec2.eu-central-1.amazonaws.com")
    assert not used()
