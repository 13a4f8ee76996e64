"""Defects that checkov must find when they are put in: an audit that reads nothing would find nothing."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from tests.audit.accepted import Finding

Form = dict[str, Any]


def _without(kind: str) -> Callable[[Form], None]:
    def spoil(plan: Form) -> None:
        for part in (plan["planned_values"]["root_module"], plan["configuration"]["root_module"]):
            part["resources"] = [resource for resource in part["resources"] if resource["type"] != kind]
        plan["resource_changes"] = [
            resource_change for resource_change in plan["resource_changes"] if resource_change["type"] != kind
        ]

    return spoil


def _with(kind: str, key: str, value: Any) -> Callable[[Form], None]:
    def spoil(form: Form) -> None:
        for resource in (
            form["resources"] if "resources" in form else form["planned_values"]["root_module"]["resources"]
        ):
            if resource["type"] == kind:
                resource["properties" if "properties" in resource else "values"][key] = value
        for resource_change in form.get("resource_changes", []):
            if resource_change["type"] == kind:
                resource_change["change"]["after"][key] = value

    return spoil


_EVERYONE = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
TERRAFORM: dict[Finding, Callable[[Form], None]] = {
    Finding("CKV2_AWS_6", "aws_s3_bucket"): _without("aws_s3_bucket_public_access_block"),
    Finding("CKV_AWS_7", "aws_kms_key"): _with("aws_kms_key", "enable_key_rotation", False),
    Finding("CKV_AWS_290", "aws_iam_role_policy"): _with("aws_iam_role_policy", "policy", _EVERYONE),
    Finding("CKV_GCP_29", "google_storage_bucket"): _with(
        "google_storage_bucket", "uniform_bucket_level_access", False
    ),
    Finding("CKV_GCP_28", "google_storage_bucket_iam_member"): _with(
        "google_storage_bucket_iam_member", "member", "allUsers"
    ),
}
"""Finding -> what brings it about in a plan."""
ARM: dict[Finding, Callable[[Form], None]] = {
    Finding("CKV_AZURE_3", "Microsoft.Storage/storageAccounts"): _with(
        "Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", False
    ),
    Finding("CKV_AZURE_34", "Microsoft.Storage/storageAccounts/blobServices/containers"): _with(
        "Microsoft.Storage/storageAccounts/blobServices/containers", "publicAccess", "Blob"
    ),
}
"""Finding -> what brings it about in a template."""


def spoiled(form: Form, defects: Iterable[Callable[[Form], None]]) -> Form:
    """A copy with every defect."""
    bad = copy.deepcopy(form)
    for spoil in defects:
        spoil(bad)
    return bad
