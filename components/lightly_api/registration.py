"""How a datasource is written at Lightly: its properties and fields, the path both ways, and what is secret.

Bodies are those of Lightly's client 1.5.26, `datasource_config_*.py`. Each access of a kind of store has a Registration
of its own; nothing here knows them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

Body = dict[str, str]
Values = Mapping[str, str]
"""Our properties that were read already."""

THUMBNAILS = ".lightly/thumbnails/[filename]_thumb.[extension]"
"""Where Lightly keeps thumbnails below the LIGHTLY path; the client's default (api_workflow_datasources.py)."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a datasource, ours, and what it is called at Lightly.

    Attributes:
        name, field: ours and Lightly's.
        rule: what it must be, given the properties before it.
        needed: whether there is no registration without it.
        secret: whether it is never shown.
    """

    name: str
    field: str
    rule: Callable[[str, Values], Fault | None]
    needed: bool = True
    secret: bool = False

    @classmethod
    def of(cls, name: str, field: str, rule: Callable[[str], Fault | None], *, secret: bool = False) -> "Property":
        """One whose rule looks at nothing but its value."""
        return cls(name, field, lambda value, before: rule(value), secret=secret)


@dataclass(frozen=True, slots=True)
class Registration:
    """One access at Lightly. `path` is no plain field everywhere: `written` and `read` translate it."""

    type: str
    """Lightly's word for it."""
    properties: tuple[Property, ...]
    access_fault: Callable[[Values], Fault | None] = lambda values: None
    """What the properties together have against this access."""
    written: Callable[[str], Body] = lambda path: {"fullPath": path}
    read: Callable[[Mapping[str, Any], Purpose], str] = lambda found, purpose: shown(found, "fullPath")
    sealed: Callable[[str], str] = lambda secret: secret
    """The secret as Lightly takes it."""
    told: Callable[[Values], Values] = lambda secrets: {}
    """What of the secrets is none and can be shown, such as the name in a key file."""
    identity: str = ""
    """The property, or what `told` gives, that names who Lightly is there."""
    mark: Callable[[Values], str] = lambda values: ""
    """Where no property names who Lightly is: what else tells one credential from another, at the end of its name."""
    stays: str = "its credential ends with the role or key it uses"
    """What is said on destroy, when the registration stays."""

    @property
    def secrets(self) -> frozenset[str]:
        """The names of the secret properties."""
        return frozenset(each.name for each in self.properties if each.secret)

    def body(self, path: str, values: Values) -> Body:
        """What is sent to Lightly; a property without a value is left out."""
        body = {"type": self.type, "thumbSuffix": THUMBNAILS, **self.written(path)}
        for each in self.properties:
            if value := values.get(each.name):
                body[each.field] = self.sealed(value) if each.secret else value
        return body


def shown(found: Mapping[str, Any], name: str) -> str:
    """What Lightly shows of a field; empty when it is missing or masked."""
    value = found.get(name)
    return value if isinstance(value, str) and "***" not in value else ""
