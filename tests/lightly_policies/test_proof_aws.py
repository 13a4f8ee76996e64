"""The proof: silent on our own documents, never silent on a changed one."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.case import CAPABILITIES
from lightly_policies.evaluator.aws import MalformedDocumentError
from lightly_policies.proof import Proof
from lightly_policies.proof_aws import prove_aws
from lightly_policies.render_aws import aws_grant, aws_trust

from tests.lightly_policies.spaces import PURPOSES, grants

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EXTERNAL_ID = "my-External-id"
EXPECTED = {"INPUT": {"list", "read"}, "LIGHTLY": set(CAPABILITIES)}
Statement = dict[str, Any]


def _values(purpose: str) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "bucket": "acme.data",
        "path": "projects/farm-animals/",
        "region": "eu-central-1",
        "kms_key_arn": KEY,
    }


def _prove(purpose: str, grant: str | None = None, trust: str | None = None) -> Proof:
    values = _values(purpose)
    trust = trust or aws_trust(EXTERNAL_ID)
    return prove_aws(**values, grant=grant or aws_grant(**values), trust=trust, external_id=EXTERNAL_ID)


@given(grants(), st.none() | st.from_regex(r"[a-zA-Z0-9_+=,.@:/-]{10,40}", fullmatch=True))
def test_our_own_documents_prove_exactly_their_purpose(values: dict[str, Any], external_id: str | None) -> None:
    trust = aws_trust(external_id) if external_id else None
    proof = prove_aws(**values, grant=aws_grant(**values), trust=trust, external_id=external_id)
    assert proof.unexpected == ()
    assert proof.ok
    assert {name for name, actual in proof.capabilities.items() if actual} == EXPECTED[values["purpose"]]


def test_every_outcome_names_the_statement_that_allowed_it() -> None:
    for outcome in _prove("LIGHTLY").outcomes:
        assert outcome.ok
        assert (outcome.decision.statement is not None) is outcome.decision.allowed


@given(PURPOSES)
def test_each_capability_has_cases_inside_and_outside_the_path(purpose: str) -> None:
    proof = _prove(purpose)
    for capability in CAPABILITIES:
        about = [outcome.case for outcome in proof.outcomes if outcome.case.capability == capability]
        assert {case.inside for case in about} == {True, False}
        assert all(case.expected is (capability in EXPECTED[purpose]) for case in about if case.inside)
    assert len({outcome.case.name for outcome in proof.outcomes}) == len(proof.outcomes)


def _widened_text(text: str) -> Iterator[str]:
    """Ways to make a resource or prefix wider."""
    yield "*"
    yield text.replace("projects/farm-animals/", "projects/farm-animals")
    yield text.replace("projects/farm-animals/", "projects/")
    yield text.replace("projects/farm-animals/", "")
    yield text.replace("acme.data", "acme*")
    yield text.replace("acme.data", "acme?data")
    yield text.replace("acme.data", "other")
    yield text.replace("key/", "key/*")


def _grant_mutations(statement: Statement) -> Iterator[tuple[str, Statement]]:
    def changed(**elements: Any) -> Statement:
        return {name: value for name, value in {**statement, **elements}.items() if value is not None}

    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    service = actions[0].partition(":")[0]
    yield "denied", changed(Effect="Deny")
    for more in (f"{service}:*", "*", f"{service}:Get*", "s3:GetObjectTorrent", "s3:PutObjectAcl", "kms:CreateGrant"):
        yield f"also {more}", changed(Action=[*actions, more])
    yield "not action", changed(Action=None, NotAction="s3:DeleteBucket")
    yield "not resource", changed(Resource=None, NotResource="arn:aws:s3:::elsewhere/*")
    yield "also another resource", changed(Resource=[statement["Resource"], "arn:aws:s3:::somewhere/*"])
    for wider in _widened_text(statement["Resource"]):
        if wider != statement["Resource"]:
            yield f"resource {wider}", changed(Resource=wider)
    if len(actions) > 1:
        for action in actions:
            yield f"without {action}", changed(Action=[other for other in actions if other != action])
    yield "never true", changed(Condition={"StringEquals": {"aws:PrincipalTag/none": "x"}})
    if "Condition" in statement:
        yield "no condition", changed(Condition=None)
        ((operator, keys),) = statement["Condition"].items()
        other = {"StringLike": "StringEquals", "StringEquals": "StringLike"}[operator]
        for name in (other, f"{operator}IfExists", f"ForAllValues:{operator}", operator.replace("String", "StringNot")):
            yield f"{operator} as {name}", changed(Condition={name: keys})
        ((key, values),) = keys.items()
        listed = values if isinstance(values, list) else [values]
        for more in ("*", "elsewhere/*", "s3.*.amazonaws.com"):
            yield f"{key} also {more}", changed(Condition={operator: {key: [*listed, more]}})
        for index, dropped in enumerate(listed):
            if dropped.endswith("/"):
                continue  # `p/*` says `p/` already: the same document in other words
            rest = [*listed[:index], *listed[index + 1 :]]
            yield f"{key} without {dropped}", changed(Condition={operator: {key: rest}})
        for wider in _widened_text(listed[-1]):
            if wider != listed[-1]:
                yield f"{key} {wider}", changed(Condition={operator: {key: [*listed[:-1], wider]}})


def _trust_mutations(statement: Statement) -> Iterator[tuple[str, Statement]]:
    condition = statement["Condition"]["StringEquals"]
    yield "denied", {**statement, "Effect": "Deny"}
    yield "no condition", {name: value for name, value in statement.items() if name != "Condition"}
    for operator in ("StringLike", "StringEqualsIgnoreCase", "StringEqualsIfExists", "ForAllValues:StringEquals"):
        yield operator, {**statement, "Condition": {operator: condition}}
    for value in ("*", "another-id-1", [EXTERNAL_ID, "another-id-1"], f"{EXTERNAL_ID}x", []):
        yield f"external ID {value}", {**statement, "Condition": {"StringEquals": {"sts:ExternalId": value}}}
    like = {"StringLike": {"sts:ExternalId": f"{EXTERNAL_ID[:4]}*"}}
    yield "a pattern of external IDs", {**statement, "Condition": like}
    for who in (
        "*",
        {"AWS": "*"},
        {"AWS": "arn:aws:iam::666666666666:root"},
        {"AWS": ["arn:aws:iam::916419735646:root", "arn:aws:iam::666666666666:root"]},
        {"AWS": ["arn:aws:iam::916419735646:root", "arn:aws:iam::123456789012:root"]},
        {"AWS": "arn:aws:iam::916419735646:root", "Service": "ec2.amazonaws.com"},
    ):
        yield f"trusts {who}", {**statement, "Principal": who}
    for action in ("*", "sts:*", ["sts:AssumeRole", "sts:TagSession"], "sts:TagSession", "sts:Assume*"):
        yield f"action {action}", {**statement, "Action": action}
    negated = {name: value for name, value in statement.items() if name != "Principal"}
    yield "all but one", {**negated, "NotPrincipal": {"AWS": "arn:aws:iam::666666666666:root"}}


def _mutants(text: str, mutate: Callable[[Statement], Iterator[tuple[str, Statement]]]) -> Iterator[tuple[str, str]]:
    """Each document that differs in one statement, with what was done to it."""
    body = json.loads(text)
    for index, statement in enumerate(body["Statement"]):
        without = copy.deepcopy(body)
        del without["Statement"][index]
        yield f"{statement['Sid']} removed", json.dumps(without)
        for what, changed in mutate(statement):
            mutant = copy.deepcopy(body)
            mutant["Statement"][index] = changed
            yield f"{statement['Sid']}: {what}", json.dumps(mutant)


def _grant_mutants(purpose: str) -> list[Any]:
    text = aws_grant(**_values(purpose))
    return [pytest.param(purpose, text, id=f"{purpose} {what}") for what, text in _mutants(text, _grant_mutations)]


@pytest.mark.parametrize(("purpose", "grant"), [*_grant_mutants("INPUT"), *_grant_mutants("LIGHTLY")])
def test_any_change_of_a_grant_is_objected_to(purpose: str, grant: str) -> None:
    proof = _prove(purpose, grant=grant)
    assert proof.unexpected
    assert all(sentence.startswith(("wider: ", "narrower: ")) for sentence in proof.unexpected)


@pytest.mark.parametrize(
    "trust",
    [pytest.param(text, id=what) for what, text in _mutants(aws_trust(EXTERNAL_ID), _trust_mutations)],
)
def test_any_change_of_a_trust_policy_is_objected_to(trust: str) -> None:
    assert _prove("INPUT", trust=trust).unexpected


def test_an_input_grant_that_may_write_shows_a_write_light() -> None:
    grant = json.loads(aws_grant(**_values("INPUT")))
    grant["Statement"][1]["Action"] = ["s3:GetObject", "s3:PutObject"]
    proof = _prove("INPUT", grant=json.dumps(grant))
    assert proof.capabilities["write"]
    assert proof.capabilities["overwrite"]
    assert not proof.capabilities["delete"]
    assert any("write 'projects/farm-animals/a.png'" in sentence for sentence in proof.unexpected)
    assert any("(grant/LightlyReadObjects)" in sentence for sentence in proof.unexpected)


@pytest.mark.parametrize(
    ("wider", "words"),
    [
        ("acme.data/projects/farm-animals*", "of a sibling whose name starts alike, 'projects/farm-animals-other/'"),
        ("acme.data/projects/*", "of a sibling whose name is shorter, 'projects/farm-animal/'"),
        ("acme.data/projects/*", "of the parent, 'projects/'"),
        ("acme.data/*farm-animals/*", "of the same name elsewhere, 'elsewhere/projects/farm-animals/'"),
        ("acme*/projects/farm-animals/*", "of another bucket, 'acme.data-other'"),
        ("acme?data/projects/farm-animals/*", "of another bucket, 'acmexdata'"),
    ],
)
def test_the_cases_say_what_a_wider_resource_lets_in(wider: str, words: str) -> None:
    exact = "acme.data/projects/farm-animals/*"
    proof = _prove("INPUT", grant=aws_grant(**_values("INPUT")).replace(exact, wider))
    assert any(f"read a file {words}: expected refused, got allowed" in sentence for sentence in proof.unexpected)


def test_the_lightly_grant_is_too_wide_for_input_and_the_other_way_too_narrow() -> None:
    wide = _prove("INPUT", grant=aws_grant(**_values("LIGHTLY")))
    assert all(sentence.startswith("wider: ") for sentence in wide.unexpected)
    narrow = _prove("LIGHTLY", grant=aws_grant(**_values("INPUT")))
    assert {sentence.split(":")[0] for sentence in narrow.unexpected} == {"narrower"}
    assert narrow.capabilities == dict.fromkeys(("write", "overwrite", "delete"), False) | {"list": True, "read": True}


def test_with_a_key_reading_needs_decryption_too() -> None:
    values = _values("INPUT")
    without = aws_grant(**{**values, "kms_key_arn": None})
    assert not _prove("INPUT", grant=without).capabilities["read"]


def test_a_trust_policy_that_keeps_lightly_out_turns_all_lights_off() -> None:
    assert not any(_prove("LIGHTLY", trust=aws_trust("another-external-id")).capabilities.values())


def test_no_sentence_shows_the_external_id() -> None:
    for _, trust in _mutants(aws_trust(EXTERNAL_ID), _trust_mutations):
        assert EXTERNAL_ID not in " ".join(_prove("INPUT", trust=trust).unexpected)


def test_a_document_of_the_wrong_place_is_refused() -> None:
    with pytest.raises(MalformedDocumentError, match="grant"):
        _prove("INPUT", grant=aws_trust(EXTERNAL_ID))
    with pytest.raises(MalformedDocumentError, match="trust"):
        _prove("INPUT", trust=aws_grant(**_values("INPUT")))


def test_a_trust_policy_without_an_external_id_to_try_is_an_error() -> None:
    with pytest.raises(ValueError, match="external_id"):
        prove_aws(**_values("INPUT"), grant=aws_grant(**_values("INPUT")), trust=aws_trust(EXTERNAL_ID))
