"""Resources of Azure as an ARM template: azure-native's inputs are ARM's properties, some of them renamed."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.audit.deployed import Made

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_API = "2024-01-01"
_RENAMED = {"enableHttpsTrafficOnly": "supportsHttpsTrafficOnly"}
_OUTSIDE = frozenset({"kind", "location", "sku", "tags"})
"""Inputs that do not stand under `properties`."""
TYPES = {
    "azure-native:storage:StorageAccount": ("Microsoft.Storage/storageAccounts", ("accountName",)),
    "azure-native:storage:BlobServiceProperties": (
        "Microsoft.Storage/storageAccounts/blobServices",
        ("accountName", "blobServicesName"),
    ),
    "azure-native:storage:BlobContainer": (
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        ("accountName", "", "containerName"),
    ),
}
"""Pulumi's type -> ARM's, and the inputs that its name is made of; an empty one stands for the only blob service."""
NOT_IN_ARM = frozenset({"azure-native:resources:ResourceGroup", "azure-native:storage:Blob"})
"""A group is where a template is deployed to; a blob is data."""


def template(resources: Iterable[Made]) -> dict[str, Any]:
    """The template. Raises KeyError for a type of Azure that is in neither table."""
    mine = [
        resource
        for resource in resources
        if resource.type.startswith("azure-native:") and resource.type not in NOT_IN_ARM
    ]
    return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [_resource(made) for made in mine]}


def _resource(made: Made) -> dict[str, Any]:
    kind, named_by = TYPES[made.type]
    name = "/".join(str(made.inputs[key]) if key else "default" for key in named_by)
    left: Mapping[str, Any] = {
        key: value for key, value in made.inputs.items() if key not in (*named_by, "resourceGroupName")
    }
    return {
        "type": kind,
        "apiVersion": _API,
        "name": name,
        **{key: value for key, value in left.items() if key in _OUTSIDE},
        "properties": {_RENAMED.get(key, key): value for key, value in left.items() if key not in _OUTSIDE},
    }
