"""Inputs of which HashiCorp's provider, asked by Terraform beside ours, had another opinion: its own is held here.

360 inputs of every type were applied by both against the local AWS, planned again and changed; these are those that
differed. Refused is refused, by the provider before it asks or by AWS.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from lightly_core.pulumi_values import plain

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

BUCKET, OBJECT = "aws:s3/bucket:Bucket", "aws:s3/bucketObjectv2:BucketObjectv2"
KEY, ALIAS = "aws:kms/key:Key", "aws:kms/alias:Alias"
ROLE, USER, GROUP = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
PRINCIPAL = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [PRINCIPAL]})
Clients = Callable[[str], Any]


@pytest.fixture
def name() -> str:
    return f"it-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def bucket(aws: Clients, name: str) -> str:
    aws("s3").create_bucket(Bucket=f"{name}-b", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return f"{name}-b"


@pytest.fixture
def key(aws: Clients) -> dict[str, Any]:
    found: dict[str, Any] = aws("kms").create_key()["KeyMetadata"]
    return found


def outcome(plugin: Plugin, token: str, inputs: dict[str, Any]) -> str:
    """`refused`, or what is different right after it was made: nothing, or these properties."""
    _, failures = plugin.check(token, "it", inputs)
    if failures:
        return "refused"
    try:
        made = plugin.create(token, "it", inputs)
    except ProviderError:
        return "refused"
    now = plugin.read(made)
    assert now is not None
    return ",".join(plugin.diff(now, inputs).diffs)


def test_a_tag_without_a_value_is_an_empty_one(plugin: Plugin, name: str) -> None:
    assert outcome(plugin, BUCKET, {"bucket": name, "tags": {"a": ""}}) == ""


@pytest.mark.parametrize("token", [KEY, ROLE, USER, BUCKET])
def test_a_tag_of_awss_own_is_left_out_and_wanted_for_ever(plugin: Plugin, name: str, token: str) -> None:
    named = {KEY: {}, ROLE: {"name": name, "assumeRolePolicy": TRUST}, USER: {"name": name}, BUCKET: {"bucket": name}}
    assert "tags" in outcome(plugin, token, {**named[token], "tags": {"aws:x": "y", "a": "b"}})


def test_rotation_of_keys(plugin: Plugin) -> None:
    assert outcome(plugin, KEY, {"rotationPeriodInDays": 100}) == "refused"
    assert outcome(plugin, KEY, {"enableKeyRotation": True, "rotationPeriodInDays": 100}) == ""
    assert outcome(plugin, KEY, {"isEnabled": False, "enableKeyRotation": True}) == ""
    assert outcome(plugin, KEY, {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": True}) == "refused"


def test_an_alias_of_awss_own(plugin: Plugin, aws: Clients, name: str, key: dict[str, Any]) -> None:
    assert outcome(plugin, ALIAS, {"name": f"alias/aws/{name}", "targetKeyId": key["KeyId"]}) == "refused"
    assert outcome(plugin, ALIAS, {"name": f"alias/{name}", "targetKeyId": key["KeyId"]}) == ""
    with pytest.raises(aws("kms").exceptions.ClientError, match="NotAuthorizedException"):
        aws("kms").create_alias(AliasName=f"alias/aws/{name}", TargetKeyId=key["KeyId"])


@pytest.mark.parametrize("token", [ROLE, USER, GROUP])
def test_a_path_begins_and_ends_with_a_slash(plugin: Plugin, name: str, token: str) -> None:
    more = {"assumeRolePolicy": TRUST} if token == ROLE else {}
    for path, said in (("", "refused"), ("lightly", "refused"), ("/a b/", "refused"), ("/a/b/", "")):
        assert outcome(plugin, token, {"name": name, "path": path, **more}) == said


def test_a_name_and_a_prefix_are_one_too_many(plugin: Plugin, name: str) -> None:
    assert outcome(plugin, BUCKET, {"bucket": name, "bucketPrefix": "p-"}) == "refused"
    assert outcome(plugin, ROLE, {"name": name, "namePrefix": "p-", "assumeRolePolicy": TRUST}) == "refused"


def test_a_rule_of_a_lifecycle_has_a_name(plugin: Plugin, bucket: str) -> None:
    rule = {"id": "", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 3}}
    assert outcome(plugin, LIFECYCLE, {"bucket": bucket, "rules": [rule]}) == "refused"
    assert outcome(plugin, LIFECYCLE, {"bucket": bucket, "rules": [{**rule, "id": "x"}]}) == ""


def test_objects(plugin: Plugin, aws: Clients, bucket: str, key: dict[str, Any]) -> None:
    made = {"bucket": bucket, "content": "x"}
    assert outcome(plugin, OBJECT, {**made, "key": "m", "metadata": {"Team": "x"}}) == "refused"
    assert outcome(plugin, OBJECT, {**made, "key": "n", "metadata": {"team": "x"}}) == ""
    assert outcome(plugin, OBJECT, {**made, "key": "i", "kmsKeyId": key["KeyId"]}) == "refused"
    assert outcome(plugin, OBJECT, {**made, "key": "k", "kmsKeyId": key["Arn"]}) == ""
    encrypted = plugin.create(OBJECT, "it", {**made, "key": "k2", "kmsKeyId": key["Arn"]})
    assert plain(encrypted["serverSideEncryption"]) == "aws:kms"
    with pytest.raises(aws("s3").exceptions.ClientError, match="KeyTooLongError"):
        aws("s3").put_object(Bucket=bucket, Key="x" * 1025, Body=b"")
    aws("s3").put_object(Bucket=bucket, Key="x" * 1024, Body=b"")
