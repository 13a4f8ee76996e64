"""An access that a stack has deployed, and all that its state knows beside it; `accesses` makes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose

from lightly_access.kinds.verified import Location


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the state: `outputs` without those that are secret, `parent` the name of the component it is of, `leaving`
    whether it was replaced and is to be deleted."""

    type: str
    name: str
    id: str
    parent: str
    outputs: Mapping[str, Any] = field(repr=False)
    leaving: bool = False

    def text(self, output: str) -> str:
        """An output that is text; empty for anything else."""
        value = self.outputs.get(output)
        return value if isinstance(value, str) else ""


class Resources:
    """All of a stack, found by their types: each of its accesses asks ten times."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._of_type: dict[str, list[Resource]] = {}
        self._of_component: dict[tuple[str, str], list[Resource]] = {}
        for each in resources:
            self._of_type.setdefault(each.type, []).append(each)
            self._of_component.setdefault((each.parent, each.type), []).append(each)

    def of(self, type_: str, component: str | None = None) -> Sequence[Resource]:
        """Those of this type; of a component alone, where one is named."""
        return self._of_type.get(type_, ()) if component is None else self._of_component.get((component, type_), ())


@dataclass(frozen=True, slots=True)
class DeployedAccess:
    """An access that we made.

    Attributes:
        dataset, purpose: whose it is.
        kind, access: the words for its store and for how Lightly gets in.
        path, location: as it is registered, and in its parts.
        component: its name in the stack.
        stack: every resource of the stack that is no component, those on their way out too.
    """

    dataset: str
    purpose: Purpose
    kind: str
    access: str
    path: str
    location: Location
    component: str
    stack: Resources = field(repr=False)

    def own(self, type_: str) -> list[Resource]:
        """Those of its own of this type; what is to be deleted comes last."""
        return sorted(self.stack.of(type_, self.component), key=lambda each: each.leaving)

    def named(self, type_: str, output: str = "name") -> str:
        """The name of the one of its own of this type; empty where a run that failed left none."""
        found = self.own(type_)
        return found[0].text(output) if found else ""

    def anywhere(self, type_: str) -> Sequence[Resource]:
        """Those of the whole stack."""
        return self.stack.of(type_)
