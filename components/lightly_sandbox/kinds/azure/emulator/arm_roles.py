"""Who has which role, as Resource Manager keeps it, and what the deployer may do: everything, for he owns it all.

Sources: https://learn.microsoft.com/rest/api/authorization/role-assignments and
https://learn.microsoft.com/rest/api/authorization/permissions. What a role gives is not carried out here: there is one
principal, and no other can log in.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError


class Roles:
    """Role assignments on accounts and containers, by their scope and name."""

    def __init__(self, azure: Subscription) -> None:
        self._azure = azure
        self._assigned: dict[tuple[str, str], Mapping[str, Any]] = {}

    def put(self, *names_and_body: Any) -> tuple[int, Any]:
        """Give a role at the scope that the path names."""
        *scope, name, body = names_and_body
        given = body.get("properties") or {}
        if not given.get("roleDefinitionId") or not given.get("principalId"):
            raise RefusedError("BadRequestFormat", "The request was incorrectly formatted.", 400)
        self._assigned[self._scope(scope), name] = given
        return 201, self._shown(self._scope(scope), name)

    def listing(self, *names_and_body: Any) -> tuple[int, Any]:
        """Those at the scope and above it, which is what the filter `atScope()` asks for."""
        *scope, _body = names_and_body
        asked = self._scope(scope)
        found = [key for key in self._assigned if asked == key[0] or asked.startswith(f"{key[0]}/")]
        return 200, {"value": [self._shown(*key) for key in found]}

    def delete(self, *names_and_body: Any) -> tuple[int, Any]:
        """Take it away."""
        *scope, name, _body = names_and_body
        return (200, None) if self._assigned.pop((self._scope(scope), name), None) else (204, None)

    def subscription(self, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Itself."""
        id = self._azure.subscription
        return 200, {"id": f"/subscriptions/{id}", "subscriptionId": id, "displayName": "sandbox", "state": "Enabled"}

    def permissions(self, _group: str, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Of whoever asks, in a resource group."""
        return 200, {"value": [{"actions": ["*"], "notActions": []}]}

    def _scope(self, names: list[str]) -> str:
        group, account, *container = names
        root = f"/subscriptions/{self._azure.subscription}/resourceGroups/{group}/providers/Microsoft.Storage"
        inside = f"/blobServices/default/containers/{container[0]}" if container else ""
        return f"{root}/storageAccounts/{account}{inside}"

    def _shown(self, scope: str, name: str) -> dict[str, Any]:
        id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
        return {"id": id, "name": name, "properties": {**self._assigned[scope, name], "scope": scope}}
