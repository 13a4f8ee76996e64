"""What a rule sees: a resource or a stack, with unknown and secret values told apart from plain ones.

The values are those of `lightly_core.pulumi_values`; what `Resource.get` returns is a copy, which a rule may change.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lightly_core.pulumi_values import Properties, SecretValue, Unknown, Value, has_unknown, leaves, plain

_OF_A_VERSION = re.compile(r"azure-native(?:_\w+_v\d+\w*)?:(\w+)(?:/v\d+\w*)?:(\w+)")
"""azure-native's types of one version of Azure's API: in a module of its name, or in a package of its name
(https://www.pulumi.com/registry/packages/azure-native/version-guide/)."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


class UnknownValueError(Exception):
    """A rule asked for a value that this preview cannot know; `path` is where it stands."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is not known yet")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as the engine is about to deploy it, or in a stack as it is afterwards.

    Attributes:
        type, name, urn: Pulumi's type token, logical name and URN. Of azure-native the type without a version.
        properties: the inputs (a resource by itself) or the outputs (in a stack), keys as on the wire.
        parent: URN of the component it belongs to.
        provider: URN of its provider, "" for components.
        dependencies, property_dependencies: URNs of what it, or one of its properties, is made from.
        secret_outputs: the option additionalSecretOutputs.
        protect: the option.
        read: it is only looked up (`get`), not ours.
    """

    type: str
    name: str
    urn: str
    properties: Properties = field(default_factory=dict, repr=False)
    parent: str = ""
    provider: str = ""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=_nothing, repr=False)
    secret_outputs: tuple[str, ...] = ()
    protect: bool = False
    read: bool = False

    def __post_init__(self) -> None:
        if found := _OF_A_VERSION.fullmatch(self.type):
            object.__setattr__(self, "type", f"azure-native:{found[1]}:{found[2]}")

    @property
    def ours(self) -> bool:
        """Whether a component of ours made it; its settings are keys of the manifest then."""
        return "lightly-access:" in self.urn.partition("::")[2].partition("::")[2].partition("::")[0]

    def get(self, path: str) -> Any:
        """The value at a path (`rules.0.status`), secrets opened; None where there is none.

        Raises UnknownValueError.
        """
        value = self._at(path)
        for leaf in leaves(value):
            if isinstance(leaf.value, Unknown):
                raise UnknownValueError(f"{path}.{leaf.path}".rstrip("."))
        return plain(value)

    def text(self, path: str) -> str:
        """The text at a path, "" where there is none. Raises UnknownValueError."""
        value = self.get(path)
        return value if isinstance(value, str) else ""

    def knows(self, path: str) -> bool:
        """Whether everything at this path is known."""
        return not has_unknown(self._at(path))

    def _at(self, path: str) -> Value:
        value: Value = self.properties
        walked: list[str] = []
        for key in path.split("."):
            value = value.value if isinstance(value, SecretValue) else value
            if isinstance(value, Unknown):
                raise UnknownValueError(".".join(walked))
            walked.append(key)
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list):
                value = value[int(key)] if key.isdecimal() and int(key) < len(value) else None
            else:
                return None
        return value

    def made_from(self, name: str) -> frozenset[str]:
        """URNs of the resources that a property's value comes from."""
        return self.property_dependencies.get(name, frozenset())

    def names(self, name: str, other: "Resource", *outputs: str) -> bool:
        """Whether a property names another resource: its value comes from it, or is one of its outputs.

        The dependency tells in a preview too, where the value is unknown. Raises UnknownValueError when nothing tells.
        """
        sources = self.made_from(name)
        if other.urn in sources:
            return True
        if self.knows(name) and not self.get(name):
            return False
        if not self.knows(name) or not all(other.knows(key) for key in outputs):
            if any(f":{other.type}::" in source or f"${other.type}::" in source for source in sources):
                return False  # it comes from another one of these
            raise UnknownValueError(f"{self.name}.{name}" if not self.knows(name) else f"{other.name}.{outputs[0]}")
        found = self.get(name)
        values = found if isinstance(found, list) else [found]
        return any(value and value == other.get(key) for key in outputs for value in values)


@dataclass(frozen=True, slots=True)
class Stack:
    """All resources of a stack, and the time at which they are evaluated."""

    resources: tuple[Resource, ...]
    now: datetime

    def of(self, *types: str) -> Iterator[Resource]:
        """Those of some types, in the order of the stack."""
        return (resource for resource in self.resources if resource.type in types)

    def find(self, urns: frozenset[str], *types: str) -> Iterator[Resource]:
        """Those of some types among these URNs."""
        return (resource for resource in self.of(*types) if resource.urn in urns)
