"""The converter says what Pulumi's program says, under Terraform's names, and no secret."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from lightly_core.pulumi_struct import SECRET, SIGNATURE

from tests.audit import arm, terraform
from tests.audit.deployed import Made, made


def _state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"deployment": {"resources": list(resources)}}


def _resource(kind: str, name: str, inputs: dict[str, Any], **refers: list[str]) -> dict[str, Any]:
    return {"type": kind, "urn": _urn(kind, name), "inputs": inputs, "propertyDependencies": refers}


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:s::p::{kind}::{name}"


BUCKET = _resource("aws:s3/bucket:Bucket", "lake/x", {"__defaults": [], "bucket": "acme", "tags": {"costCentre": "1"}})
BLOCK = _resource(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "block",
    {"bucket": "acme", "blockPublicAcls": True},
    bucket=[_urn("aws:s3/bucket:Bucket", "lake/x")],
)


def test_names_are_terraform_s_and_tags_stay_as_they_are() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "k"}}]
    assert terraform.values(
        {"rules": rules, "tags": {"costCentre": "1"}, "lifecycleRules": [{"action": {"type": "x"}}]}
    ) == {
        "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}]}],
        "tags": {"costCentre": "1"},
        "lifecycle_rule": [{"action": [{"type": "x"}]}],
    }


def test_a_bucket_and_its_setting_are_joined_by_a_reference() -> None:
    plan = terraform.plan(made(_state(BUCKET, BLOCK)))
    assert [resource_change["address"] for resource_change in plan["resource_changes"]] == [
        "aws_s3_bucket.lake_x",
        "aws_s3_bucket_public_access_block.block",
    ]
    _, block = plan["configuration"]["root_module"]["resources"]
    assert block["expressions"] == {"bucket": {"references": ["aws_s3_bucket.lake_x.id", "aws_s3_bucket.lake_x"]}}


def test_secrets_are_left_out_and_a_trust_policy_loses_its_external_id() -> None:
    def secret(value: object) -> dict[str, Any]:
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}

    condition = {"StringEquals": {"sts:ExternalId": "hush-hush"}}
    trust = json.dumps({"Statement": [{"Effect": "Allow", "Condition": condition}]})
    role = _resource(
        "aws:iam/role:Role", "role", {"assumeRolePolicy": secret(trust), "description": secret("hush-hush")}
    )
    (found,) = made(_state(role))
    assert "hush" not in json.dumps(found.inputs)
    assert json.loads(found.inputs["assumeRolePolicy"])["Statement"][0]["Effect"] == "Allow"


def test_an_account_of_azure_stands_as_arm_writes_it() -> None:
    account = {"accountName": "acme", "resourceGroupName": "g", "kind": "StorageV2", "enableHttpsTrafficOnly": True}
    container = {"accountName": "acme", "containerName": "c", "publicAccess": "None", "resourceGroupName": "g"}
    template = arm.template(
        made(
            _state(
                _resource("azure-native:storage:StorageAccount", "a", account),
                _resource("azure-native:storage:BlobContainer", "c", container),
                _resource("azure-native:resources:ResourceGroup", "g", {"location": "westeurope"}),
            )
        )
    )
    assert template["resources"] == [
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2024-01-01",
            "name": "acme",
            "kind": "StorageV2",
            "properties": {"supportsHttpsTrafficOnly": True},
        },
        {
            "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
            "apiVersion": "2024-01-01",
            "name": "acme/default/c",
            "properties": {"publicAccess": "None"},
        },
    ]


@pytest.mark.parametrize(
    ("form", "kind"), [(terraform.plan, "aws:sns/topic:Topic"), (arm.template, "azure-native:storage:Table")]
)
def test_a_type_that_it_does_not_know_is_an_error_and_not_left_out(form: Callable[..., Any], kind: str) -> None:
    with pytest.raises(KeyError, match=kind):
        form([Made(kind, "new", {}, {})])
