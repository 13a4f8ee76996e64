"""What is too wide is said however it is spelled, and however it comes to Lightly."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.guardrails.view import Stack

from tests.examples import examples
from tests.lightly_policies.guardrails.examples_aws import bucket, of_lake, source
from tests.lightly_policies.guardrails.given import LIGHTLY, PATH, STRONG_ID, resource, role, role_policy, said, stack

ARN = "arn:aws:iam::123456789012:policy/theirs"
THE_ROLE = "arn:aws:iam::123456789012:role/barn"
LAKE = ["arn:aws:s3:::acme-lake", "arn:aws:s3:::acme-lake/*"]
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def inline(text: str) -> Stack:
    return stack(holder := role("barn"), source(holder, "INPUT"), role_policy(holder, text))


def inside_the_role(text: str) -> Stack:
    return stack(holder := role("barn", inlinePolicies=[{"name": "x", "policy": text}]), source(holder, "INPUT"))


def managed(text: str, kind: str, **properties: Any) -> Stack:
    holder = role("barn", managedPolicyArns=[ARN] if kind == "role" else None)
    attachment = [resource(f"aws:iam/{kind}:{kind[0].upper()}{kind[1:]}", "it", **properties)] if properties else []
    return stack(
        holder, source(holder, "INPUT"), resource("aws:iam/policy:Policy", "theirs", arn=ARN, policy=text), *attachment
    )


WAYS: list[Callable[[str], Stack]] = [
    inline,
    inside_the_role,
    lambda text: managed(text, "role"),
    lambda text: managed(text, "policyAttachment", roles=["barn"], policyArn=ARN),
    lambda text: managed(text, "rolePolicyAttachment", role="barn", policyArn=ARN),
    lambda text: managed(text, "rolePolicyAttachmentsExclusive", roleName="barn", policyArns=[ARN]),
]
ACTIONS = st.sampled_from(["*", "*:*", "s3:*", "S3:Put*", "s3:PutObject", "s3:PUTOBJECT", "s3:?utObject"])
STATEMENTS = st.builds(
    lambda action, listed, negated: {
        "Effect": "Allow",
        "NotAction" if negated else "Action": [action] if listed else action,
        "Resource": [PATH] if listed else PATH,
    },
    ACTIONS,
    st.booleans(),
    st.booleans(),
)


@given(st.sampled_from(WAYS), STATEMENTS, st.booleans())
@examples(2)
def test_an_input_that_may_write_is_said(way: Callable[[str], Stack], wide: dict[str, Any], alone: bool) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": wide}) if alone else document(wide)
    seen = way(text)
    assert said("input-never-writes", seen) or said("no-wildcard-grant", seen)


@pytest.mark.parametrize(
    "text",
    [
        document({"Effect": "Allow", "Action": "*:*", "Resource": "*"}),
        document({"effect": "Allow", "action": "*", "resource": "*"}),
        '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Action": "*", "Resource": "*"}]}',
        document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:*"}),
    ],
)
def test_what_cannot_be_read_is_not_taken_for_narrow(text: str) -> None:
    (words,) = said("no-wildcard-grant", inline(text))
    assert words.startswith("what it grants Lightly cannot be read")


@pytest.mark.parametrize(
    "store",
    [
        "${aws:UserAgent}/*",
        "acme-${aws:username}",
        "acme-*/*",
        "eu-central-1:123456789012:accesspoint/*",
        "eu-central-1:123456789012:accesspoint/a?/object/*",
    ],
)
def test_a_store_that_who_asks_may_choose_is_a_wildcard(store: str) -> None:
    arn = f"arn:aws:s3:{store}" if store.startswith("eu-") else f"arn:aws:s3:::{store}"
    text = document({"Sid": "Grant", "Effect": "Allow", "Action": "s3:GetObject", "Resource": arn})
    assert said("no-wildcard-grant", inline(text)) == [f"Grant: it allows Lightly {arn}"]


@pytest.mark.parametrize("arn", [PATH, "arn:aws:s3:eu-central-1:123456789012:accesspoint/herd/object/projects/*"])
def test_one_store_by_name_is_none(arn: str) -> None:
    assert (
        said("no-wildcard-grant", inline(document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": arn})))
        == []
    )


@pytest.mark.parametrize("kind", ["policyAttachment", "rolePolicyAttachmentsExclusive"])
def test_a_policy_of_aws_is_said_whatever_attaches_it(kind: str) -> None:
    named = {"roles": ["barn"], "policyArn": ADMIN, "roleName": "barn", "policyArns": [ADMIN]}
    seen = stack(
        holder := role("barn"),
        source(holder, "INPUT"),
        resource(f"aws:iam/{kind}:{kind[0].upper()}{kind[1:]}", "it", **named),
    )
    assert set(said("no-wildcard-grant", seen)) == {
        "it gives Lightly AdministratorAccess, a policy of AWS that names no bucket"
    }


@pytest.mark.parametrize(
    "by",
    [
        {"Principal": {"AWS": THE_ROLE}},
        {"Principal": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": THE_ROLE}}},
    ],
)
def test_a_bucket_policy_that_lets_an_input_write_is_said(by: dict[str, Any]) -> None:
    text = document({"Sid": "B", "Effect": "Allow", "Action": "s3:PutObject", "Resource": LAKE, **by})
    holder = role("barn", arn=THE_ROLE)
    seen = stack(bucket(), holder, source(holder, "INPUT"), of_lake("BucketPolicy", policy=text))
    assert said("input-never-writes", seen) == ["B: it allows INPUT s3:PutObject"]
    assert said("no-wildcard-grant", seen) == said("s3-no-public-policy", seen) == []
    point = resource("aws:s3/accessPoint:AccessPoint", "point", bucket="acme-lake", policy=text)
    assert said("input-never-writes", stack(holder, source(holder, "INPUT"), point)) == [
        "B: it allows INPUT s3:PutObject"
    ]


TRUSTS_LIGHTLY = {
    "Effect": "Allow",
    "Principal": {"AWS": LIGHTLY},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": STRONG_ID}},
}


@pytest.mark.parametrize(
    "other",
    [{"AWS": "arn:aws:iam::666666666666:root"}, {"Service": "ec2.amazonaws.com"}, {"Federated": "accounts.x.y"}],
)
@pytest.mark.parametrize("together", [True, False])
def test_who_is_trusted_beside_lightly_is_said(other: dict[str, str], together: bool) -> None:
    beside = {"Effect": "Allow", "Principal": other, "Action": "sts:AssumeRole"}
    both = {**TRUSTS_LIGHTLY, "Principal": {"AWS": LIGHTLY, **other}}
    if together and "AWS" in other:
        both["Principal"] = {"AWS": [LIGHTLY, other["AWS"]]}
    text = document(both) if together else document(TRUSTS_LIGHTLY, beside)
    (named,) = other.values()
    assert said("trust-exact-account", role("plain", text)) == [
        f"it trusts {named}, expected Lightly's account 916419735646 alone"
    ]


@pytest.mark.parametrize(
    "id_", ["${aws:PrincipalAccount}", "${aws:PrincipalTag/a, 'guessed-by-all'}", "${sts:ExternalId}"]
)
def test_an_external_id_with_a_variable_is_none(id_: str) -> None:
    text = document({**TRUSTS_LIGHTLY, "Sid": "L", "Condition": {"StringEquals": {"sts:ExternalId": id_}}})
    first, *_ = said("trust-external-id", role(document=text))
    assert first == "L: Lightly's account may assume it, not bound to one external ID"


def test_a_trust_policy_that_cannot_be_read_is_not_taken_for_narrow() -> None:
    words = said("trust-exact-account", role(document='{"Statement": [{"Effect": "Allow", "Effect": "Allow"}]}'))
    assert words == ["its trust policy is none that AWS would accept (the whole)"]


EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": LAKE}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "lets everyone s3:GetObject"),
        ({"Resource": "arn:aws:s3:::acme-lake/public/*"}, "lets everyone s3:GetObject"),
        ({"Action": "s3:PutBucketPolicy"}, "lets everyone s3:PutBucketPolicy"),
        ({"Condition": {"StringLike": {"aws:Referer": "https://acme.example/*"}}}, "lets everyone s3:GetObject"),
        ({"Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*"}}}, "lets everyone s3:GetObject"),
        ({"Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}}, "lets everyone s3:GetObject"),
        ({"Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}}, "lets everyone s3:GetObject"),
        ({"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}, "lets everyone s3:GetObject"),
        ({"Condition": {"StringEquals": {"aws:SourceVpc": "${aws:SourceVpc}"}}}, "lets everyone s3:GetObject"),
        ({"Principal": {"AWS": LIGHTLY}}, "lets Lightly's account s3:GetObject"),
        ({"Principal": {"AWS": "916419735646"}}, "lets Lightly's account s3:GetObject"),
    ],
)
def test_a_bucket_policy_for_everyone_is_said_whatever_it_opens(changed: dict[str, Any], words: str) -> None:
    text = document({**EVERYONE, **changed})
    assert said("s3-no-public-policy", stack(bucket(), of_lake("BucketPolicy", policy=text))) == [
        f"bucketpolicy {words}"
    ]
    assert said("s3-no-public-policy", stack(bucket(policy=text))) == [f"lake {words}"]


@pytest.mark.parametrize(
    "kind",
    ["s3/bucketPolicy:BucketPolicy", "s3/accessPoint:AccessPoint", "s3control/accessPointPolicy:AccessPointPolicy"],
)
def test_a_policy_of_a_bucket_that_the_stack_does_not_make_is_looked_at(kind: str) -> None:
    opened = resource(f"aws:{kind}", "theirs", bucket="other", policy=document(EVERYONE))
    assert said("s3-no-public-policy", stack(bucket(), opened)) == ["theirs lets everyone s3:GetObject"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}},
    ],
)
def test_a_bucket_policy_for_some_is_not_public(condition: dict[str, Any]) -> None:
    text = document({**EVERYONE, "Condition": condition})
    assert said("s3-no-public-policy", stack(bucket(), of_lake("BucketPolicy", policy=text))) == []
