"""Managed identities: who else can log in, beside whoever deploys by default.

Source: https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.azure.emulator.arm_groups import ResourceGroups, location
from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.principals import Principal


class ManagedIdentities:
    """Make, show and remove user-assigned identities."""

    def __init__(self, azure: Subscription, groups: ResourceGroups) -> None:
        self._azure, self._groups = azure, groups

    def put(self, group: str, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Make it; one that is there stays as it is."""
        place, path = location(body.get("location"), "user-assigned identity"), self._path(group, name)
        known = self._azure.azure.principals.identity(path) is not None
        made = self._azure.azure.principals.make(path, name)
        return (200 if known else 201), {**self._shown(path, made), "location": place}

    def get(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        path = self._path(group, name)
        found = self._azure.azure.principals.identity(path)
        if found is None:
            message = f"The Resource 'Microsoft.ManagedIdentity/userAssignedIdentities/{name}' under resource group"
            raise RefusedError("ResourceNotFound", f"{message} '{group}' was not found.", 404)
        return 200, self._shown(path, found)

    def delete(self, group: str, name: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Remove it; 204 when there is none."""
        return (200 if self._azure.azure.principals.remove(self._path(group, name)) else 204), None

    def _path(self, group: str, name: str) -> str:
        root = f"/subscriptions/{self._azure.subscription}/resourceGroups/{self._groups.known(group).name}"
        return f"{root}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"

    def _shown(self, path: str, who: Principal) -> dict[str, Any]:
        properties = {"clientId": who.client, "principalId": who.id, "tenantId": self._azure.azure.tenant}
        return {"id": path, "name": who.name, "properties": properties}
