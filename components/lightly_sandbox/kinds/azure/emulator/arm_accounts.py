"""Storage accounts and the settings of their blob service, as Resource Manager sees them.

Sources: https://learn.microsoft.com/rest/api/storagerp/storage-accounts and
https://learn.microsoft.com/rest/api/storagerp/blob-services. What a property would do that is not done here is refused
by name; what only informs (tiers, key policy, retention of deleted data) is kept and answered.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from lightly_sandbox.kinds.azure.emulator.accounts import KEY_NAMES, Account, new_key
from lightly_sandbox.kinds.azure.emulator.arm_groups import ResourceGroups, location
from lightly_sandbox.kinds.azure.emulator.arm_properties import (
    BLOB_SERVICE,
    DEFAULTS,
    PROPERTIES,
    SKUS,
    check_account,
    check_blob_service,
    check_tags,
    checked,
)
from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError

_NAME = re.compile(r"[a-z0-9]{3,24}")
_TAKEN = ("subscriptions", "providers")  # paths of Resource Manager on the plain port
_FIXED = ("isHnsEnabled",)


class StorageAccounts:
    """Make, change, show and remove accounts; give out their keys."""

    def __init__(self, azure: Subscription, groups: ResourceGroups) -> None:
        self._azure, self._groups = azure, groups

    def known(self, group: str, name: str) -> Account:
        """The account of this name in this group. Raises RefusedError."""
        owner, account = self._groups.known(group), self._azure.accounts.get(name)
        if account is None or not self._is_in(account, owner.name):
            message = f"The Resource 'Microsoft.Storage/storageAccounts/{name}' under resource group '{group}' was not"
            hint = "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
            raise RefusedError("ResourceNotFound", f"{message} found. {hint}", 404)
        return account

    def put(self, group: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Make it; one that is already in this group becomes what is given."""
        owner, old = self._groups.known(group), self._azure.accounts.get(name)
        if not _NAME.fullmatch(name):
            message = f"{name} is not a valid storage account name. Storage account name must be between 3 and 24"
            raise RefusedError("AccountNameInvalid", f"{message} characters, numbers and lower-case letters only.", 400)
        if name in _TAKEN or (old and not self._is_in(old, owner.name)):
            raise RefusedError("StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.", 409)
        place = location(body.get("location"), "storage account")
        if old:
            if place != old.location:
                message = f"The resource '{name}' already exists in location '{old.location}'."
                raise RefusedError("InvalidResourceLocation", message, 409)
            kept = {entry: old.properties.get(entry) for entry in _FIXED}
            return self._changed(old, body, {**DEFAULTS, **kept})
        if body.get("kind") not in ("StorageV2", "BlockBlobStorage", "BlobStorage"):
            raise RefusedError("AccountPropertyIsInvalid", f"The value '{body.get('kind')}' of kind is not valid.", 400)
        properties = {**DEFAULTS, **checked(PROPERTIES, body.get("properties") or {})}
        made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        tags = dict(body.get("tags") or {})
        check_tags(tags)
        check_account(body["kind"], _sku(body), properties)
        account = Account(
            name, self._azure.subscription, owner.name, place, body["kind"], _sku(body), made, tags, properties
        )
        self._azure.accounts.add(account)
        return 200, self._shown(account)

    def patch(self, group: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Change what is given. Raises RefusedError for what cannot change."""
        account = self.known(group, name)
        return self._changed(account, body, account.properties)

    def _changed(self, account: Account, body: Mapping[str, Any], base: Mapping[str, Any]) -> tuple[int, Any]:
        wanted = checked(PROPERTIES, body.get("properties") or {})
        for name in _FIXED:
            if wanted.get(name, account.properties.get(name)) != account.properties.get(name):
                raise RefusedError("AccountPropertyCannotBeUpdated", f"The property '{name}' cannot be updated.", 409)
        if body.get("kind", account.kind) != account.kind:
            raise RefusedError("AccountPropertyCannotBeUpdated", "The property 'kind' cannot be updated.", 409)
        check_tags(body.get("tags") or {})
        check_account(account.kind, _sku(body) if "sku" in body else account.sku, {**base, **wanted})
        account.sku = _sku(body) if "sku" in body else account.sku
        account.tags = dict(body["tags"] or {}) if "tags" in body else account.tags
        account.properties = {**base, **wanted}
        return 200, self._shown(account)

    def get(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        return 200, self._shown(self.known(group, name))

    def delete(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Remove it and its data; 204 when there is none."""
        try:
            account = self.known(group, name)
        except RefusedError as refused:
            if refused.code != "ResourceNotFound":
                raise
            return 204, None
        self._end(account)
        return 200, None

    def remove(self, group: str) -> None:
        """Remove every account of a group that is being deleted."""
        for account in self._azure.accounts:
            if self._is_in(account, group):
                self._end(account)

    def list_keys(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        account = self.known(group, name)
        keys = zip(KEY_NAMES, account.keys, strict=True)
        return 200, {
            "keys": [
                {"keyName": entry, "value": key, "permissions": "FULL", "creationTime": account.made}
                for entry, key in keys
            ]
        }

    def regenerate(self, group: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Another key in the place of one: everything signed with the old one ends."""
        account = self.known(group, name)
        if body.get("keyName") not in KEY_NAMES:
            raise RefusedError("InvalidRequestPropertyValue", f"got the key {body.get('keyName')!r}", 400)
        account.keys[KEY_NAMES.index(body["keyName"])] = new_key()
        self._azure.accounts.changed()
        return self.list_keys(group, name, {})

    def revoke(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """End every user delegation key of the account."""
        account = self.known(group, name)
        account.delegation = new_key().encode()
        return 200, None

    def get_blobs(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """The settings of the blob service."""
        account = self.known(group, name)
        id = f"{self.id(account)}/blobServices/default"
        type_ = "Microsoft.Storage/storageAccounts/blobServices"
        return 200, {"id": id, "name": "default", "type": type_, "properties": dict(account.blob_service)}

    def put_blobs(self, group: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Set them; those that are not given go back to their default."""
        account = self.known(group, name)
        wanted = checked(BLOB_SERVICE, body.get("properties") or {})
        check_blob_service(wanted, hierarchical=account.hierarchical)
        account.blob_service = wanted
        return self.get_blobs(group, name, {})

    def _is_in(self, account: Account, group: str) -> bool:
        return (account.subscription, account.resource_group) == (self._azure.subscription, group)

    def _end(self, account: Account) -> None:
        listed = self._azure.backend.call(account, "GET", query={"comp": "list"})
        for entry in ElementTree.fromstring(listed.body).iter("Container"):  # noqa: S314 - Azurite's own words
            self._azure.backend.call(account, "DELETE", entry.findtext("Name") or "", {"restype": "container"})
            self._azure.policies.forget(account.name, entry.findtext("Name") or "")
        self._azure.accounts.remove(account)

    def id(self, account: Account) -> str:
        """The account as Resource Manager names it."""
        group = f"/subscriptions/{account.subscription}/resourceGroups/{account.resource_group}"
        return f"{group}/providers/Microsoft.Storage/storageAccounts/{account.name}"

    def _shown(self, account: Account) -> dict[str, Any]:
        properties = {
            **account.properties,
            "creationTime": account.made,
            "keyCreationTime": dict.fromkeys(KEY_NAMES, account.made),
            "primaryEndpoints": {"blob": f"{self._azure.data_endpoint}/{account.name}/"},
            "primaryLocation": account.location,
            "provisioningState": "Succeeded",
            "statusOfPrimary": "available",
        }
        return {
            "id": self.id(account),
            "name": account.name,
            "type": "Microsoft.Storage/storageAccounts",
            "location": account.location,
            "kind": account.kind,
            "sku": {"name": account.sku, "tier": account.sku.partition("_")[0]},
            "tags": dict(account.tags),
            "properties": properties,
        }


def _sku(body: Mapping[str, Any]) -> str:
    name = str((body.get("sku") or {}).get("name"))
    if name not in SKUS:
        raise RefusedError("InvalidSku", f"The sku '{name}' is not valid, expected one of {', '.join(SKUS)}.", 400)
    return name
