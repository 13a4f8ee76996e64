"""Containers as Resource Manager sees them: they live in Azurite, whoever made them.

Source: https://learn.microsoft.com/rest/api/storagerp/blob-containers.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator.accounts import Account
from lightly_sandbox.kinds.azure.emulator.arm_properties import checked
from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError

if TYPE_CHECKING:
    from lightly_sandbox.kinds.azure.emulator.arm_accounts import StorageAccounts

_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_PROPERTIES: Mapping[str, Any] = {"metadata": dict, "publicAccess": ("None", "Blob", "Container")}
_METADATA = re.compile(r"[A-Za-z_]\w*", re.ASCII)
"""https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata"""
_CONTAINER = {"restype": "container"}
_ACL = {"restype": "container", "comp": "acl"}


class Containers:
    """Make, change, show and remove containers."""

    def __init__(self, azure: Subscription, accounts: "StorageAccounts") -> None:
        self._azure, self._accounts = azure, accounts

    def put(self, group: str, account_name: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Make it; one that exists is changed."""
        account = self._accounts.known(group, account_name)
        wanted = _wanted(account, body)
        if not _NAME.fullmatch(name):
            message = f"The specified resource name contains invalid characters: {name}"
            raise RefusedError("ContainerOperationFailure", message, 400)
        headers = {f"x-ms-meta-{key}": str(value) for key, value in (wanted.get("metadata") or {}).items()}
        if wanted.get("publicAccess", "None") != "None":
            headers["x-ms-blob-public-access"] = wanted["publicAccess"].lower()
        made = self._azure.backend.call(account, "PUT", name, _CONTAINER, headers)
        if made.status == 409:
            return self.patch(group, account_name, name, body)
        _expect(made, 201, name)
        return 201, self._shown(account, name)

    def patch(self, group: str, account_name: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Change what is given; its stored access policies stay."""
        account = self._accounts.known(group, account_name)
        wanted, call = _wanted(account, body), self._azure.backend.call
        if "metadata" in wanted:
            headers = {f"x-ms-meta-{key}": str(value) for key, value in wanted["metadata"].items()}
            done = call(account, "PUT", name, {**_CONTAINER, "comp": "metadata"}, headers)
            _expect(done, 200, name)
        if "publicAccess" in wanted:
            policies = call(account, "GET", name, _ACL)
            _expect(policies, 200, name)
            public = wanted["publicAccess"].lower()
            headers = {} if public == "none" else {"x-ms-blob-public-access": public}
            _expect(call(account, "PUT", name, _ACL, headers, policies.body), 200, name)
        return 200, self._shown(account, name)

    def get(self, group: str, account_name: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        return 200, self._shown(self._accounts.known(group, account_name), name)

    def delete(self, group: str, account_name: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Remove it and its blobs; 204 when there is none."""
        account = self._accounts.known(group, account_name)
        done = self._azure.backend.call(account, "DELETE", name, _CONTAINER)
        if done.status == 404:
            return 204, None
        _expect(done, 202, name)
        self._azure.policies.forget(account.name, name)
        return 200, None

    def _shown(self, account: Account, name: str) -> dict[str, Any]:
        found = self._azure.backend.call(account, "GET", name, _CONTAINER)
        _expect(found, 200, name)
        headers = {key.lower(): value for key, value in found.headers.items()}
        prefix = "x-ms-meta-"
        modified = parsedate_to_datetime(headers["last-modified"])
        properties = {
            "defaultEncryptionScope": "$account-encryption-key",
            "denyEncryptionScopeOverride": False,
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
            "lastModifiedTime": f"{modified:%Y-%m-%dT%H:%M:%S.0000000Z}",
            "leaseState": headers.get("x-ms-lease-state", "available").capitalize(),
            "leaseStatus": headers.get("x-ms-lease-status", "unlocked").capitalize(),
            "metadata": {key.removeprefix(prefix): item for key, item in headers.items() if key.startswith(prefix)},
            "publicAccess": headers.get("x-ms-blob-public-access", "none").capitalize(),
        }
        return {
            "id": f"{self._accounts.id(account)}/blobServices/default/containers/{name}",
            "name": name,
            "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
            "etag": headers["etag"],
            "properties": properties,
        }


def _wanted(account: Account, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = checked(_PROPERTIES, body.get("properties") or {})
    for name in wanted.get("metadata") or {}:
        if not _METADATA.fullmatch(name):
            raise RefusedError("InvalidMetadata", f"The metadata name '{name}' is no identifier of C#.", 400)
    if wanted.get("publicAccess", "None") != "None" and not account.properties.get("allowBlobPublicAccess"):
        raise RefusedError("PublicAccessNotPermitted", "Public access is not permitted on this storage account.", 409)
    return wanted


def _expect(answered: Answer, status: int, name: str) -> None:
    if answered.status == 404:
        raise RefusedError("ContainerNotFound", f"The specified container does not exist: {name}", 404)
    if answered.status != status:
        code = answered.headers.get("x-ms-error-code", "ContainerOperationFailure")
        raise RefusedError(
            code, f"The container {name} could not be changed (status {answered.status}).", answered.status
        )
