"""Resources of AWS and Google Cloud as the JSON of a Terraform plan: Pulumi's types and inputs under Terraform's names.

Pulumi's providers for both are made from Terraform's, so names differ by case, by plurals, and by blocks that can be
there once, which are lists of one in a plan.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.audit.deployed import Made
from tests.terraform_types import AWS_TYPES

TYPES = {
    **AWS_TYPES,
    "gcp:projects/iAMCustomRole:IAMCustomRole": "google_project_iam_custom_role",
    "gcp:serviceaccount/account:Account": "google_service_account",
    "gcp:serviceaccount/key:Key": "google_service_account_key",
    "gcp:storage/bucket:Bucket": "google_storage_bucket",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "google_storage_bucket_iam_member",
    "gcp:storage/bucketObject:BucketObject": "google_storage_bucket_object",
}
_PROVIDERS = {"aws": "registry.terraform.io/hashicorp/aws", "google": "registry.terraform.io/hashicorp/google"}
_SINGULAR = {"rules": "rule", "lifecycle_rules": "lifecycle_rule"}
_MAPS = frozenset({"tags", "labels", "metadata"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]")
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]+")


def plan(resources: Iterable[Made]) -> dict[str, Any]:
    """The plan that creates them. Raises KeyError for a type of AWS or Google Cloud that TYPES does not have."""
    mine = {resource.name: resource for resource in resources if resource.type.startswith(("aws:", "gcp:"))}
    addresses = {name: f"{TYPES[made.type]}.{_name(name)}" for name, made in mine.items()}
    planned = [_planned(addresses[name], made) for name, made in mine.items()]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": [
            {**item, "change": {"actions": ["create"], "before": None, "after": item["values"], "after_unknown": {}}}
            for item in planned
        ],
        "configuration": {"root_module": {"resources": [_configured(addresses, made) for made in mine.values()]}},
    }


def _planned(address: str, made: Made) -> dict[str, Any]:
    kind, _, name = address.partition(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": _PROVIDERS[kind.partition("_")[0]],
        "schema_version": 0,
        "values": values(made.inputs),
    }


def _configured(addresses: Mapping[str, str], made: Made) -> dict[str, Any]:
    """What refers to what: checkov joins a bucket and its settings by it."""
    address = addresses[made.name]
    kind, _, name = address.partition(".")
    expressions = {
        _snake(key): {"references": [text for to in names if to in addresses for text in _reference(addresses[to])]}
        for key, names in made.refers.items()
        if any(to in addresses for to in names)
    }
    return {"address": address, "mode": "managed", "type": kind, "name": name, "expressions": expressions}


def _reference(address: str) -> tuple[str, str]:
    return f"{address}.id", address


def values(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs under Terraform's names; a record is a list of one block, maps such as tags stay maps."""
    found = {}
    for key, value in inputs.items():
        name = _snake(key)
        found[_SINGULAR.get(name, name)] = value if name in _MAPS else _value(value)
    return found


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return [values(value)]
    if isinstance(value, list):
        return [values(item) if isinstance(item, dict) else item for item in value]
    return value


def _snake(name: str) -> str:
    return _CAPITAL.sub(lambda match: f"_{match[0]}", name).lower()


def _name(name: str) -> str:
    return _NOT_IN_A_NAME.sub("_", name)
