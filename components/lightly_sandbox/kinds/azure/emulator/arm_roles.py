"""Role definitions, who has which role, and what whoever asks may do.

Sources: https://learn.microsoft.com/rest/api/authorization/role-definitions,
https://learn.microsoft.com/rest/api/authorization/role-assignments and
https://learn.microsoft.com/rest/api/authorization/permissions.
"""

from collections.abc import Mapping
from typing import Any

from lightly_policies.evaluator.azure_roles import within

from lightly_sandbox.kinds.azure.emulator.access import Access
from lightly_sandbox.kinds.azure.emulator.local_azure import Subscription
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.principals import Principal


class Roles:
    """Their names come from the path: those of a scope (a resource group, an account, a container; none for the
    subscription), then that of the role or of the assignment.
    """

    def __init__(self, azure: Subscription) -> None:
        self._azure = azure

    @property
    def _access(self) -> Access:
        return self._azure.azure.access

    def define(self, *names_and_body: Any) -> tuple[int, Any]:
        """Make a custom role, or change it."""
        *scope, name, body = names_and_body
        given = body.get("properties") or {}
        if not given.get("roleName") or not given.get("assignableScopes"):
            raise RefusedError("BadRequestFormat", "The request was incorrectly formatted.", 400)
        self._access.definitions[name.lower()] = given
        return 201, self._shown(self._scope(scope), "roleDefinitions", name, given)

    def put(self, *names_and_body: Any) -> tuple[int, Any]:
        """Give a role at the scope."""
        *scope, name, body = names_and_body
        given = body.get("properties") or {}
        if not given.get("roleDefinitionId") or not given.get("principalId"):
            raise RefusedError("BadRequestFormat", "The request was incorrectly formatted.", 400)
        self._access.assigned[self._scope(scope), name] = given
        return 201, self._assignment(self._scope(scope), name)

    def listing(self, *names_and_body: Any) -> tuple[int, Any]:
        """Those at the scope and above it, which is what the filter `atScope()` asks for."""
        *scope, _body = names_and_body
        found = [key for key in self._access.assigned if within(self._scope(scope), key[0])]
        return 200, {"value": [self._assignment(*key) for key in found]}

    def delete(self, *names_and_body: Any) -> tuple[int, Any]:
        """Take it away."""
        *scope, name, _body = names_and_body
        return (200, None) if self._access.assigned.pop((self._scope(scope), name), None) else (204, None)

    def subscription(self, _body: Mapping[str, Any]) -> tuple[int, Any]:
        """Itself."""
        id = self._azure.subscription
        return 200, {"id": f"/subscriptions/{id}", "subscriptionId": id, "displayName": "sandbox", "state": "Enabled"}

    def permissions(self, *names_and_body: Any) -> tuple[int, Any]:
        """Of whoever asks, role by role."""
        *scope, _body = names_and_body

        def shown(who: Principal) -> dict[str, Any]:
            found = self._access.permissions(who, self._scope(scope))
            return {"value": [{"actions": [*each.actions], "notActions": [*each.not_actions]} for each in found]}

        return 200, shown

    def _scope(self, names: list[str]) -> str:
        group, account, container = (*names, "", "", "")[:3]
        found = f"/subscriptions/{self._azure.subscription}" + (f"/resourceGroups/{group}" if group else "")
        found += f"/providers/Microsoft.Storage/storageAccounts/{account}" if account else ""
        return found + (f"/blobServices/default/containers/{container}" if container else "")

    def _assignment(self, scope: str, name: str) -> dict[str, Any]:
        return self._shown(scope, "roleAssignments", name, {**self._access.assigned[scope, name], "scope": scope})

    def _shown(self, scope: str, type_: str, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": f"{scope}/providers/Microsoft.Authorization/{type_}/{name}", "name": name,
                "properties": dict(properties)}  # fmt: skip
