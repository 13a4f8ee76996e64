"""What is decided for the path that stands in for others is what is decided for each of them by itself."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_policies import proof_aws, proof_gcs, proof_sas
from lightly_policies.alike import Moved, model_path
from lightly_policies.case import beside
from lightly_policies.cases_gcs import MEMBER
from lightly_policies.cases_sas import Sharee
from lightly_policies.evaluator.document import MalformedDocumentError
from lightly_policies.network import Network
from lightly_policies.proof import Proof
from lightly_policies.render_aws import aws_grant
from lightly_policies.render_gcs import gcs_binding, gcs_role

from tests.examples import examples
from tests.lightly_policies.spaces import PATHS, PURPOSES, grants

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ROLE = "projects/acme/roles/lightly"
HERE = Network(("vpc-0a1b2c3d",), ("203.0.113.0/24",))
# Those that stand in for others, what begins like them, and what could be read as part of a document.
ODD = (
    *("stands/", "stands/in/", "stand/", "STANDS/", "stands-other/", "1/", "1/2/", "12/", "elsewhere/", "elsewher/"),
    *(
        "elsewhere/elsewhere/",
        "elsewhere/a/",
        "a/",
        "s/",
        "ß/",
        "List/",
        "grant/",
        "arn:aws:s3:::lake/",
        "a.png/",
        "*/",
    ),
)
paths = st.sampled_from(ODD) | PATHS


def by_itself(prove: Callable[[], Proof]) -> Proof:
    """The long way: no path stands in for another."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (proof_aws, proof_gcs, proof_sas):
            patched.setattr(module, "model_path", lambda _: None)
        return prove()


def said(proof: Proof) -> list[Any]:
    """All that a proof says; of a request its resource, because one of Google Cloud has the time of its making."""
    outcomes = [
        (each.case.name, each.case.capability, each.case.place, each.case.expected, each.case.inside, each.case.network)
        for each in proof.outcomes
    ]
    asked = [getattr(each.case.request, "resource", each.case.request) for each in proof.outcomes]
    decided = [(each.decision, each.ok) for each in proof.outcomes]
    return [proof.capabilities, proof.unexpected, proof.accepted, outcomes, asked, decided, len(proof.outcomes)]


def same_both_ways(prove: Callable[[], Proof]) -> Proof | None:
    """The proof, or None where there is none: then the message is the same, too."""
    try:
        long = by_itself(prove)
    except MalformedDocumentError as malformed:
        with pytest.raises(MalformedDocumentError, match=f"^{re.escape(str(malformed))}$"):
            prove()
        return None
    short = prove()
    assert said(short) == said(long)
    return short


@given(paths)
def test_a_path_that_stands_in_has_the_same_places_beside_it_and_itself_stands_in_for_itself(path: str) -> None:
    other = model_path(path)
    if other is not None:
        assert [(where, bool(place)) for where, place in beside(path)] == [
            (where, bool(place)) for where, place in beside(other)
        ]
        assert model_path(other) == other
        assert not any(place.startswith(path) or place == path[:-1] for _, place in beside(path))


def test_common_paths_have_one_that_stands_in_for_them_and_those_with_a_meaning_in_a_document_have_none() -> None:
    assert [model_path(path) for path in ("cows/", "2024/", "projects/cows/", "a/b/c/")] == [
        *("stands/", "1/", "stands/in/", "stands/in/")
    ]
    assert not any(
        model_path(path) for path in ("", "*/", "a\nb/", "a?/", "${aws:username}/", 'a"/', "a\\/", "cows", "a//", "/")
    )


@given(grants(), paths, st.booleans())
def test_a_grant_of_aws(values: dict[str, Any], path: str, hardened: bool) -> None:
    values |= {"path": path, "network": HERE if hardened else None}
    grant = aws_grant(**values, holder="role")
    proof = same_both_ways(lambda: proof_aws.prove_aws(**values, grant=grant))
    assert proof
    assert isinstance(proof.outcomes, Moved) is (model_path(path) is not None)


def changed(body: dict[str, Any], path: str, other: str) -> Iterator[dict[str, Any]]:
    """How a grant could speak of paths otherwise than ours, or be none."""
    statements = body["Statement"]
    bucket, objects = (statements[at]["Resource"] for at in (0, 1))
    text, literal = json.dumps(body), f"{bucket}/{other}*"
    yield json.loads(text.replace(path, other))
    yield json.loads(text.replace("StringLike", "StringNotLike"))
    yield json.loads(text.replace("s3:prefix", "S3:Prefix").replace("StringLike", "StringLikeIfExists"))
    yield json.loads(text.replace("s3:GetObject", "s3:*"))
    yield json.loads(text.replace(objects, f"{bucket}/${{s3:prefix}}*"))
    yield {**body, "Statement": [*statements, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [None]}]}
    yield {**body, "Statement": [*statements, {"Effect": "Deny", "Action": "s3:*", "Resource": literal}]}
    yield {**body, "Statement": [*statements, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [literal]}]}
    yield {**body, "Statement": [*statements, {"Effect": "Allow", "NotAction": "s3:*", "NotResource": literal}]}
    yield {**body, "Statement": [*statements, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{path}*"}]}
    for operator in ("StringNotEquals", "StringLike", "ForAllValues:StringLike", "Null"):
        condition = {operator: {"s3:prefix": "true" if operator == "Null" else f"{other}*"}}
        yield {**body, "Statement": [{**statements[0], "Condition": condition}, *statements[1:]]}
    for operator, keys in (
        ("StringLike", {"S3:Prefix": f"{other}*"}),
        ("ArnLike", {"s3:prefix": path}),
        ("StringEquals", {"aws:username": "${s3:prefix}"}),
    ):
        deny = {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": bucket, "Condition": {operator: keys}}
        yield {**body, "Statement": [*statements, deny]}
    yield {**body, "Version": "2008-10-17"}
    yield {**body, "Statement": statements[0]}
    yield {**body, "Statement": [{**statements[0], "Sid": f"Of{other}"}]}


@examples(0.5)
@given(PURPOSES, st.sampled_from(ODD), st.sampled_from(ODD))
@example("INPUT", "elsewhere/a/", "elsewhere/")
@example("LIGHTLY", "a/", "stands/")
@example("LIGHTLY", "a/", "a/")
@example("INPUT", "arn:aws:s3:::lake/", "a/")
@example("INPUT", "lightly/", "a/")
@example("INPUT", "arn:aws:s3:::another-bucket/", "a/")
def test_a_grant_of_aws_that_is_not_ours(purpose: str, path: str, other: str) -> None:
    values: dict[str, Any] = {"purpose": purpose, "bucket": "lake", "path": path, "region": "eu-central-1"}
    for body in changed(json.loads(aws_grant(**values)), path, other):
        same_both_ways(partial(proof_aws.prove_aws, **values, grant=json.dumps(body)))


def test_a_variable_is_one_however_json_writes_it() -> None:
    values: dict[str, Any] = {"purpose": "INPUT", "bucket": "lake", "path": "lightly/", "region": "eu-central-1"}
    body = json.loads(aws_grant(**values))
    deny = {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*"}
    body["Statement"].append({**deny, "Condition": {"StringEquals": {"aws:username": "${s3:prefix}"}}})
    grant = json.dumps(body).replace("$", "\\u0024")
    same_both_ways(partial(proof_aws.prove_aws, **values, grant=grant))


def test_an_element_that_is_written_twice_is_no_grant_for_any_path() -> None:
    values: dict[str, Any] = {"purpose": "INPUT", "bucket": "lake", "path": "a/", "region": "eu-central-1"}
    grant = aws_grant(**values).replace('"Effect":"Allow"', '"Effect":"Deny","Effect":"Allow"')
    with pytest.raises(ValueError, match="written twice"):
        proof_aws.prove_aws(**values, grant=grant)


@examples(0.1)
@given(PURPOSES, st.sampled_from(ODD) | PATHS, st.sampled_from(ODD), st.integers(0, 4))
def test_a_binding_of_google_cloud(purpose: str, path: str, other: str, change: int) -> None:
    role = json.dumps({"name": ROLE, "includedPermissions": json.loads(gcs_role(purpose))["includedPermissions"]})
    bound = json.loads(gcs_binding("lake", path, role=ROLE, member=MEMBER))
    if bound["condition"] and change:
        written = bound["condition"]["expression"]
        literal = f'resource.name.startsWith("projects/_/buckets/lake/objects/{other}")'
        bound["condition"]["expression"] = (
            *(written.replace("startsWith", "endsWith"), f"({written})", f"{written} || {literal}"),
            f"!{literal} && ({written})",
        )[change - 1]
    binding = json.dumps(bound)
    proof = same_both_ways(lambda: proof_gcs.prove_gcs(purpose, "lake", path, role=role, binding=binding))
    assert proof
    if not change:
        assert isinstance(proof.outcomes, Moved) is (model_path(path) is not None)


@given(PURPOSES, paths, st.booleans(), st.booleans(), st.sampled_from(["", "sdd", "sp", "se"]))
def test_a_sas_of_azure(purpose: str, path: str, hierarchical: bool, delegated: bool, change: str) -> None:
    sharee = Sharee(purpose, "acmephotos", "lake", path, hierarchical, NOW)
    times = NOW - timedelta(days=1), NOW + timedelta(days=6)
    token, policy = proof_sas.planned(sharee, "lightly", *times, delegated=delegated)
    fields = dict(pair.split("=", 1) for pair in token.split("&"))
    fields |= {"sdd": {"sdd": "7"}, "sp": {"sp": "rwdlx"}, "se": {"se": "2026-05-01T00%3A00%3A00Z"}}.get(change, {})
    changed_token = "&".join("=".join(pair) for pair in fields.items())
    proof = same_both_ways(lambda: proof_sas.prove_sas(sharee, changed_token, policy, policy_id="lightly"))
    assert proof
    if not change:
        assert isinstance(proof.outcomes, Moved) is (model_path(path) is not None)


def test_a_signature_that_is_compared_is_decided_by_itself() -> None:
    sharee = Sharee("INPUT", "acmephotos", "lake", "cows/", True, NOW)
    token, policy = proof_sas.planned(sharee, "lightly", NOW - timedelta(days=1), NOW + timedelta(days=6))
    proof = proof_sas.prove_sas(sharee, token, policy, key="AAAA")
    assert proof.ok
    assert not isinstance(proof.outcomes, Moved)
    assert not proof_sas.prove_sas(sharee, token, policy, key="BBBB").ok
