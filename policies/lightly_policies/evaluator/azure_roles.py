"""What Azure's role-based access control decides: roles, where somebody has them, and an action in; yes or no. Pure.

Actions of a role less its NotActions are what it gives, and roles add up: what one leaves out another may give
(https://learn.microsoft.com/azure/role-based-access-control/role-definitions). `*` stands for any run of characters.
An assignment holds at its scope and below it (https://learn.microsoft.com/azure/role-based-access-control/scope-overview),
and a custom role only where it is assignable. Deny assignments, conditions and groups are not modelled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_policies.evaluator.matching import action_matches

EVERYWHERE = "/"
"""The scope above all subscriptions."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a role gives, as patterns: of Resource Manager's actions, and of those on data."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> "Permissions":
        """An entry of `permissions`, as Resource Manager writes it; what is no text there gives nothing."""
        names = ("actions", "notActions", "dataActions", "notDataActions")
        found = (given.get(name) for name in names)
        return cls(*(tuple(each for each in listed or () if isinstance(each, str)) for listed in found))

    def gives(self, action: str) -> bool:
        """Whether it gives one of Resource Manager's actions, such as `Microsoft.Storage/storageAccounts/read`."""
        return _among(self.actions, action) and not _among(self.not_actions, action)

    def gives_data(self, action: str) -> bool:
        """Whether it gives an action on data."""
        return _among(self.data_actions, action) and not _among(self.not_data_actions, action)


@dataclass(frozen=True, slots=True)
class Role:
    """A role definition; `assignable` are the scopes at and below which it may be given."""

    permissions: tuple[Permissions, ...]
    assignable: tuple[str, ...] = (EVERYWHERE,)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that somebody has at a scope, by the resource id of that."""

    role: Role
    scope: str

    def permissions(self, scope: str) -> tuple[Permissions, ...]:
        """What it gives there."""
        assignable = any(within(self.scope, each) for each in self.role.assignable)
        return self.role.permissions if assignable and within(scope, self.scope) else ()


def within(scope: str, outer: str) -> bool:
    """Whether a scope is another one, or below it; Resource Manager's ids do not care for case."""
    inner, above = scope.lower().rstrip("/"), outer.lower().rstrip("/")
    return inner == above or inner.startswith(f"{above}/")


def decide(assignments: Iterable[Assignment], action: str, scope: str, *, data: bool = False) -> bool:
    """Whether somebody with these assignments may do it there."""
    given = (each for assignment in assignments for each in assignment.permissions(scope))
    return any(each.gives_data(action) if data else each.gives(action) for each in given)


def _among(patterns: Iterable[str], action: str) -> bool:
    return any(action_matches(each, action) for each in patterns)
