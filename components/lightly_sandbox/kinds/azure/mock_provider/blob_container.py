"""azure-native:storage:BlobContainer.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/blobcontainer/.
"""

from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.errors import found
from lightly_sandbox.kinds.azure.mock_provider.ids import parse
from lightly_sandbox.kinds.azure.mock_provider.resource_group import refuse_existing
from lightly_sandbox.kinds.azure.mock_provider.session import STORAGE_VERSION, AzureSession
from lightly_sandbox.mock_providers.resource import Created, Facts, Found

_ANSWERED = ("hasImmutabilityPolicy", "hasLegalHold", "leaseState", "leaseStatus")


class BlobContainer:
    """One call each, and one to see that there is none yet."""

    def create(self, work: AzureSession, inputs: Facts) -> Created:
        id = work.id(inputs["resourceGroupName"], inputs["accountName"], inputs["containerName"])
        refuse_existing(work, id)
        return Created(id, _facts(work.arm("PUT", id, {"properties": _wanted(inputs)})))

    def read(self, work: AzureSession, id: str, _state: Facts) -> Found | None:
        shown = found(lambda: work.arm("GET", id))
        return None if shown is None else Found(id, _facts(shown))

    def update(self, work: AzureSession, id: str, _state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        """Metadata and public access; what is not wanted any more goes back to its default."""
        wanted = {"metadata": {}, "publicAccess": "None", **_wanted(inputs)}
        return _facts(work.arm("PATCH", id, {"properties": wanted}))

    def delete(self, work: AzureSession, id: str, _state: Facts) -> None:
        found(lambda: work.arm("DELETE", id))


def _wanted(inputs: Facts) -> Facts:
    return {name: inputs[name] for name in ("metadata", "publicAccess") if inputs.get(name) is not None}


def _facts(shown: dict[str, Any]) -> Facts:
    named, properties = parse(shown["id"]), shown["properties"]
    return {
        "resourceGroupName": named.group,
        "accountName": named.account,
        "containerName": shown["name"],
        "name": shown["name"],
        "type": shown["type"],
        "azureApiVersion": STORAGE_VERSION,
        "metadata": properties.get("metadata") or None,
        "publicAccess": properties["publicAccess"],
        **{name: properties[name] for name in _ANSWERED},
    }
