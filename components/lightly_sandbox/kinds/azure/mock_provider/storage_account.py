"""azure-native:storage:StorageAccount.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/storageaccount/.
"""

from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.errors import found
from lightly_sandbox.kinds.azure.mock_provider.ids import parse
from lightly_sandbox.kinds.azure.mock_provider.resource_group import refuse_existing
from lightly_sandbox.kinds.azure.mock_provider.session import STORAGE_VERSION, AzureSession
from lightly_sandbox.mock_providers.resource import Created, Facts, Found

_PROPERTIES = {
    "accessTier": "accessTier",
    "allowBlobPublicAccess": "allowBlobPublicAccess",
    "allowCrossTenantReplication": "allowCrossTenantReplication",
    "allowSharedKeyAccess": "allowSharedKeyAccess",
    "defaultToOAuthAuthentication": "defaultToOAuthAuthentication",
    "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
    "isHnsEnabled": "isHnsEnabled",
    "keyPolicy": "keyPolicy",
    "minimumTlsVersion": "minimumTlsVersion",
    "publicNetworkAccess": "publicNetworkAccess",
    "sasPolicy": "sasPolicy",
}
"""The SDK's name of a property and Resource Manager's."""

_ANSWERED = (
    "creationTime",
    "encryption",
    "keyCreationTime",
    "primaryEndpoints",
    "primaryLocation",
    "provisioningState",
    "statusOfPrimary",
)


class StorageAccount:
    """One call each, and one to see that there is none yet; without a location it goes where its group is."""

    def create(self, work: AzureSession, inputs: Facts) -> Created:
        id = work.id(inputs["resourceGroupName"], inputs["accountName"])
        refuse_existing(work, id)
        location = inputs.get("location") or work.region
        if not location:
            location = work.arm("GET", work.id(inputs["resourceGroupName"]))["location"]
        return Created(id, facts(work.arm("PUT", id, _body(inputs, location))))

    def read(self, work: AzureSession, id: str, _state: Facts) -> Found | None:
        shown = found(lambda: work.arm("GET", id))
        return None if shown is None else Found(id, facts(shown))

    def update(self, work: AzureSession, id: str, state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        """All of it in one call."""
        return facts(work.arm("PUT", id, _body(inputs, inputs.get("location") or state["location"])))

    def delete(self, work: AzureSession, id: str, _state: Facts) -> None:
        named = parse(id)
        work.forget(named.group, named.account)
        found(lambda: work.arm("DELETE", id))


def _body(inputs: Facts, location: str) -> dict[str, Any]:
    properties = {theirs: inputs[ours] for ours, theirs in _PROPERTIES.items() if inputs.get(ours) is not None}
    return {
        "kind": inputs["kind"],
        "location": location,
        "sku": {"name": inputs["sku"]["name"]},
        "tags": inputs.get("tags") or {},
        "properties": properties,
    }


def facts(shown: dict[str, Any]) -> Facts:
    """What Resource Manager says of an account, by the SDK's names."""
    properties = shown["properties"]
    return {
        "resourceGroupName": parse(shown["id"]).group,
        "accountName": shown["name"],
        "name": shown["name"],
        "type": shown["type"],
        "azureApiVersion": STORAGE_VERSION,
        "kind": shown["kind"],
        "location": shown["location"],
        "sku": shown["sku"],
        "tags": shown.get("tags") or None,
        **{ours: properties.get(theirs) for ours, theirs in _PROPERTIES.items()},
        **{name: properties.get(name) for name in _ANSWERED},
    }
