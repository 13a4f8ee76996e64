"""azure-native:storage:Blob: an empty blob, such as the placeholder of a directory; content (`source`) is refused.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/storage/blob/. The provider goes through the data
plane with the account's key, and so do we.
"""

from typing import Any

from lightly_sandbox.kinds.azure.mock_provider.errors import code_of, found
from lightly_sandbox.kinds.azure.mock_provider.ids import Id, parse
from lightly_sandbox.kinds.azure.mock_provider.session import AzureSession
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_TYPES = {"BlockBlob": "Block", "AppendBlob": "Append", "PageBlob": "Page"}


class Blob:
    """One call to make it, one to read it."""

    def create(self, work: AzureSession, inputs: Facts) -> Created:
        """Make it; one that exists is not taken over."""
        named = Id(inputs["resourceGroupName"], inputs["accountName"], inputs["containerName"], inputs["blobName"])
        id = named.path(work.place.subscription)
        try:
            self._put(work, named, inputs, overwrite=False)
        except Exception as error:
            if code_of(error) == "BlobAlreadyExists":
                hint = "hint: import it, or choose another name"
                raise RefusedError(f"cannot create already existing resource '{id}'\n{hint}") from error
            raise
        return Created(id, _names(work, named))

    def read(self, work: AzureSession, id: str, _state: Facts) -> Found | None:
        """Its headers; gone with its container, account or group."""
        named = parse(id)
        head: Any = found(lambda: self._client(work, named).get_blob_properties())
        if head is None:
            return None
        facts = {
            "type": _TYPES.get(str(head.blob_type.value), ""),
            "contentType": head.content_settings.content_type,
            "metadata": head.metadata or None,
        }
        return Found(id, {**_names(work, named), **facts})

    def update(self, work: AzureSession, id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Put it again: there is no content to lose."""
        named = parse(id)
        if changed:
            self._put(work, named, inputs, overwrite=True)
        return _names(work, named)

    def delete(self, work: AzureSession, id: str, _state: Facts) -> None:
        found(lambda: self._client(work, parse(id)).delete_blob())

    def _put(self, work: AzureSession, named: Id, inputs: Facts, *, overwrite: bool) -> None:
        from azure.storage.blob import ContentSettings

        self._client(work, named).upload_blob(
            b"",
            metadata=inputs.get("metadata"),
            overwrite=overwrite,
            content_settings=ContentSettings(content_type=inputs.get("contentType") or "application/octet-stream"),
        )

    def _client(self, work: AzureSession, named: Id) -> Any:
        return work.container(named.group, named.account, named.container).get_blob_client(named.blob)


def _names(work: AzureSession, named: Id) -> Facts:
    return {
        "resourceGroupName": named.group,
        "accountName": named.account,
        "containerName": named.container,
        "blobName": named.blob,
        "name": named.blob,
        "url": f"{work.place.data_endpoint}/{named.account}/{named.container}/{named.blob}",
    }
