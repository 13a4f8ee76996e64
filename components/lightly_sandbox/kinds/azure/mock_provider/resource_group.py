"""azure-native:resources:ResourceGroup.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/resources/resourcegroup/.
"""

from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.errors import found
from lightly_sandbox.kinds.azure.mock_provider.session import RESOURCES_VERSION, AzureSession
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError


def refuse_existing(work: AzureSession, id: str) -> None:
    """Raises RefusedError when there is one already: the provider does not take over what it did not make."""
    if found(lambda: work.arm("GET", id)) is not None:
        raise RefusedError(f"cannot create already existing resource '{id}'\nhint: import it, or choose another name")


class ResourceGroup:
    """One call each; its end is the end of everything in it."""

    def create(self, work: AzureSession, inputs: Facts) -> Created:
        if not (inputs.get("location") or work.region):
            raise RefusedError("missing `location`\nhint: give it, or set azure-native:location")
        id = work.id(inputs["resourceGroupName"])
        refuse_existing(work, id)
        return Created(id, _facts(self._put(work, id, inputs)))

    def read(self, work: AzureSession, id: str, _state: Facts) -> Found | None:
        shown = found(lambda: work.arm("GET", id))
        return None if shown is None else Found(id, _facts(shown))

    def update(self, work: AzureSession, id: str, _state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        return _facts(self._put(work, id, inputs))

    def delete(self, work: AzureSession, id: str, _state: Facts) -> None:
        """Remove it and everything in it."""
        found(lambda: work.arm("DELETE", id))

    def _put(self, work: AzureSession, id: str, inputs: Facts) -> dict[str, Any]:
        location = inputs.get("location") or work.region
        return work.arm("PUT", id, {"location": location, "tags": inputs.get("tags") or {}})


def _facts(shown: dict[str, Any]) -> Facts:
    return {
        "resourceGroupName": shown["name"],
        "name": shown["name"],
        "location": shown["location"],
        "tags": shown.get("tags") or None,
        "properties": shown["properties"],
        "type": shown["type"],
        "azureApiVersion": RESOURCES_VERSION,
    }
