"""Who has which role where, and whether that is enough. The decision is that of `lightly_policies.evaluator`.

Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. One that is not known here
can be given, and gives nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lightly_policies.evaluator.azure_roles import EVERYWHERE, Assignment, Permissions, Role, decide

from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.principals import Principal

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_BUILT_IN = {
    OWNER: Permissions(("*",)),
    BLOB_OWNER: Permissions((f"{_BLOBS}/containers/*",), (), (f"{_BLOBS}/containers/blobs/*",)),
    READER: Permissions(("*/read",)),
}
"""Owner, Storage Blob Data Owner, Reader."""


class Access:
    """Role definitions by their name, assignments by scope and name; both as Resource Manager was told.

    `owner` owns every subscription and all blobs in it.
    """

    def __init__(self, owner: Principal, counts: Counts) -> None:
        self._counts = counts
        self.definitions: dict[str, Mapping[str, Any]] = {}
        self.assigned: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._first = {(owner.id, role) for role in (OWNER, BLOB_OWNER)}

    def assignments(self, who: Principal) -> Iterator[Assignment]:
        """What somebody has, wherever."""
        given = [
            (str(each["principalId"]), str(each["roleDefinitionId"]), scope)
            for (scope, _), each in list(self.assigned.items())
        ]
        for principal, definition, scope in (*given, *((*each, EVERYWHERE) for each in self._first)):
            role = self._role(definition.rpartition("/")[2].lower())
            if principal == who.id and role:
                yield Assignment(role, scope)

    def permissions(self, who: Principal, scope: str) -> list[Permissions]:
        """What somebody may do at a scope, role by role."""
        return [each for assignment in self.assignments(who) for each in assignment.permissions(scope)]

    def may(self, who: Principal, action: str, scope: str, *, data: bool = False) -> bool:
        """Whether somebody may do it there."""
        return decide(self.assignments(who), action, scope, data=data)

    def check(self, who: Principal, action: str, scope: str) -> None:
        """Raises RefusedError, in Resource Manager's words, unless somebody may do it there. What was asked is counted.

        Source: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting.
        """
        self._counts.ask_of(who.name, action, scope)
        if not self.may(who, action, scope):
            message = (
                f"The client '{who.client}' with object id '{who.id}' does not have authorization to perform action "
                f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please "
                "refresh your credentials."
            )
            raise RefusedError("AuthorizationFailed", message, 403)

    def _role(self, name: str) -> Role | None:
        if built_in := _BUILT_IN.get(name):
            return Role((built_in,))
        if given := self.definitions.get(name):
            permissions = tuple(Permissions.parse(each) for each in given.get("permissions") or ())
            return Role(permissions, tuple(given.get("assignableScopes") or ()))
        return None
