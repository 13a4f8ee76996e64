"""azure-native:storage:BlobServiceProperties: there from the birth of the account, so that its end is the default.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/blobserviceproperties/.
"""

from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.errors import found
from lightly_sandbox.kinds.azure.mock_provider.ids import parse
from lightly_sandbox.kinds.azure.mock_provider.session import STORAGE_VERSION, AzureSession
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_PROPERTIES = ("containerDeleteRetentionPolicy", "deleteRetentionPolicy", "isVersioningEnabled")


class BlobServiceProperties:
    """One call each."""

    def create(self, work: AzureSession, inputs: Facts) -> Created:
        if inputs["blobServicesName"] != "default":
            raise RefusedError(f"got the blobServicesName {inputs['blobServicesName']!r}, expected `default`")
        id = work.id(inputs["resourceGroupName"], inputs["accountName"], service=True)
        return Created(id, self._put(work, id, inputs))

    def read(self, work: AzureSession, id: str, _state: Facts) -> Found | None:
        shown = found(lambda: work.arm("GET", id))
        return None if shown is None else Found(id, _facts(shown))

    def update(self, work: AzureSession, id: str, _state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        return self._put(work, id, inputs)

    def delete(self, work: AzureSession, id: str, _state: Facts) -> None:
        found(lambda: work.arm("PUT", id, {"properties": {}}))

    def _put(self, work: AzureSession, id: str, inputs: Facts) -> Facts:
        wanted = {name: inputs[name] for name in _PROPERTIES if inputs.get(name) is not None}
        return _facts(work.arm("PUT", id, {"properties": wanted}))


def _facts(shown: dict[str, Any]) -> Facts:
    named = parse(shown["id"])
    return {
        "resourceGroupName": named.group,
        "accountName": named.account,
        "blobServicesName": shown["name"],
        "name": shown["name"],
        "type": shown["type"],
        "azureApiVersion": STORAGE_VERSION,
        **{name: shown["properties"].get(name) for name in _PROPERTIES},
    }
