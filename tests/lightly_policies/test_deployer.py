"""The deployer's policy: bound to the stack whatever the stack is, within quota, all findings explained."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.deployer import (
    MANAGED_POLICY_QUOTA,
    Bucket,
    Deployment,
    aws_deployer,
    managed_policies,
)
from lightly_policies.rendering import UnrenderableDocumentError

from tests.deployer_readme import ACCEPTED
from tests.lightly_policies.linters import cloudsplaining_findings, expanded_actions, level, parliament_findings
from tests.lightly_policies.spaces import BUCKETS, REGIONS

STACK = Deployment("acme-prod-*", "acme/prod", roles=True)
FREE = {"kms:CreateKey", "kms:TagResource", "iam:ListVirtualMFADevices"}
"""What AWS binds to no resource."""


@st.composite
def buckets(draw: st.DrawFn) -> Bucket:
    region, made = draw(REGIONS), draw(st.booleans())
    key = f"arn:aws:kms:{region}:123456789012:key/{draw(st.uuids())}"
    return Bucket(
        draw(BUCKETS),
        region,
        made=made,
        kms_key=draw(st.sampled_from([None, key, "create"] if made else [None, key])),
        versioning=made and draw(st.booleans()),
        force_destroy=made and draw(st.booleans()),
        placeholders=draw(st.booleans()),
        opened=draw(st.booleans()),
    )


BOUNDARIES = st.sampled_from([(), ("arn:aws:iam::123456789012:policy/bounds",)])
DEPLOYMENTS = st.builds(
    Deployment,
    names=st.just("acme-prod-*"),
    owner=st.just("acme/prod"),
    buckets=st.lists(buckets(), max_size=4, unique_by=lambda bucket: bucket.name).map(tuple),
    roles=st.booleans(),
    users=st.booleans(),
    tagged=st.booleans(),
    role_boundaries=BOUNDARIES,
    user_boundaries=BOUNDARIES,
    account=st.sampled_from([None, "123456789012"]),
).filter(
    lambda value: value.roles or value.users or any(bucket.made or bucket.placeholders for bucket in value.buckets)
)


def statements(text: str) -> list[dict[str, Any]]:
    """The statements, with every Action and Resource a list."""
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    for item in found:
        for part in ("Action", "Resource"):
            item[part] = item[part] if isinstance(item[part], list) else [item[part]]
    return found


@given(DEPLOYMENTS, st.booleans())
def test_linters_find_only_what_is_explained(deployment: Deployment, provider: bool) -> None:
    text = aws_deployer(deployment, provider=provider)
    assert cloudsplaining_findings(text) == []
    assert {finding.partition(" - ")[0] for finding in parliament_findings(text)} <= ACCEPTED.keys()
    assert expanded_actions(text) == {action for statement in statements(text) for action in statement["Action"]}, (
        "no wildcards"
    )


@given(DEPLOYMENTS, st.booleans())
def test_every_statement_is_bound_to_the_stack(deployment: Deployment, provider: bool) -> None:
    ours = {f"arn:aws:s3:::{bucket.name}" for bucket in deployment.buckets}
    for statement in statements(aws_deployer(deployment, provider=provider)):
        assert statement["Effect"] == "Allow"
        for resource in statement["Resource"]:
            if resource == "*":
                assert set(statement["Action"]) <= FREE
            elif resource.startswith("arn:aws:s3:::"):
                assert re.sub(r"/\*(/|\.lightly/(probe|verify)-\*)?$", "", resource) in ours
            elif resource.startswith("arn:aws:iam::"):
                assert resource.rpartition(":")[2].partition("/")[2] == "lightly/acme-prod-*"
            else:
                of_ours = statement["Condition"]["StringEquals"].get("aws:ResourceTag/lightly-access") == "acme/prod"
                assert of_ours or resource in {bucket.kms_key for bucket in deployment.buckets}
        if "kms:CreateKey" in statement["Action"]:
            assert statement["Condition"] == {"StringEquals": {"aws:RequestTag/lightly-access": "acme/prod"}}


READ = {"Read", "List"}
NOT_THE_DEPLOYERS = {
    *("iam:GetUserPolicy", "iam:GetLoginProfile", "iam:ListGroupPolicies", "iam:ListAttachedGroupPolicies"),
    *("iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion"),
}
"""`verify` asks for them, a deployment not, or not before Pulumi's provider does."""


@given(DEPLOYMENTS.filter(lambda value: value.roles or value.users), st.booleans())
def test_the_half_that_reads_can_write_nothing_and_reads_nothing_beside_the_stack(
    deployment: Deployment, provider: bool
) -> None:
    text = aws_deployer(deployment, provider=provider, read_only=True)
    assert {level(action) for action in expanded_actions(text)} <= READ
    assert cloudsplaining_findings(text) == []
    assert [each for each in parliament_findings(text) if ":iam::aws:policy/" not in each] == [], "AWS's own policies"
    assert not {"s3:GetObjectVersion", "kms:Decrypt", "sts:AssumeRole"} & expanded_actions(text)
    deploys = {
        (action, resource)
        for each in statements(aws_deployer(deployment, provider=provider))
        for action in each["Action"]
        for resource in each["Resource"]
    }
    for each in statements(text):
        for action in each["Action"]:
            for resource in each["Resource"]:
                of_verify = action in NOT_THE_DEPLOYERS or each["Sid"] == "VerifyReadsBuckets"
                assert of_verify or (action, resource) in deploys
                assert resource != "*"


def test_an_adopted_bucket_is_not_configured_and_its_data_are_not_read() -> None:
    adopted = Bucket("acme-lake", "eu-central-1", placeholders=True)
    found = statements(aws_deployer(replace(STACK, buckets=(adopted,))))
    on_objects = {item["Resource"][0] for item in found if item["Resource"][0].startswith("arn:aws:s3:::acme-lake/")}
    on_bucket = {
        action for item in found if item["Resource"] == ["arn:aws:s3:::acme-lake"] for action in item["Action"]
    }
    assert on_objects == {"arn:aws:s3:::acme-lake/*/"}
    assert on_bucket == {"s3:ListBucket", "s3:ListBucketVersions"}


@given(DEPLOYMENTS)
def test_parts_are_within_quota_and_together_the_same(deployment: Deployment) -> None:
    text = aws_deployer(deployment)
    parts = managed_policies(text)
    assert all(len(part) <= MANAGED_POLICY_QUOTA for part in parts)
    assert [item for part in parts for item in json.loads(part)["Statement"]] == json.loads(text)["Statement"]


def test_many_buckets_take_several_policies_which_allow_the_same_and_too_many_are_refused() -> None:
    def stack(count: int) -> str:
        made = (Bucket(f"acme-lightly-results-{number:03}", "eu-central-1", made=True) for number in range(count))
        return aws_deployer(replace(STACK, buckets=tuple(made)))

    def allowed(texts: list[str]) -> set[tuple[str, str]]:
        found = [statement for text in texts for statement in statements(text)]
        return {(str(each["Action"]), resource) for each in found for resource in each["Resource"]}

    for count in (1, 60, 120):
        parts = managed_policies(stack(count))
        assert all(len(part) <= MANAGED_POLICY_QUOTA for part in parts)
        assert allowed(parts) == allowed([stack(count)])
    with pytest.raises(UnrenderableDocumentError, match="a role or user takes 10"):
        managed_policies(stack(400))


@pytest.mark.parametrize(
    "change",
    [
        {"names": "*-*"},
        {"names": "acme-prod"},
        {"owner": "acme"},
        {"owner": "acme/*"},
        {"owner": "${aws:username}/x"},
        {"account": "*1"},
        {"entered": ("arn:aws:iam::210987654321:role/*",)},
        {"role_boundaries": ("arn:aws:iam::123456789012:policy/*",)},
        {"buckets": (Bucket("*", "eu-central-1", made=True),)},
        {"buckets": (Bucket("acme", "*", made=True, kms_key="create"),)},
        {"buckets": (Bucket("acme", "eu-central-1", kms_key="arn:aws:kms:eu-central-1:1:key/*", placeholders=True),)},
        {"roles": False},
    ],
)
def test_what_would_widen_it_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnrenderableDocumentError, match="deployer policy: "):
        aws_deployer(replace(STACK, **change))
