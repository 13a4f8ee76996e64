"""What a resource of the `lightly` provider is: its properties, each described once.

From these rows come the provider's schema, the arguments and outputs of the resource classes, the properties that the
handlers take, and what the policy pack expects to be secret.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT: Mapping[str, Any] = {"type": "string"}
FLAG: Mapping[str, Any] = {"type": "boolean"}
NUMBER: Mapping[str, Any] = {"type": "number"}


def list_of(items: Mapping[str, Any]) -> Mapping[str, Any]:
    """The type of a list."""
    return {"type": "array", "items": items}


def map_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The type of a map from text."""
    return {"type": "object", "additionalProperties": values}


@dataclass(frozen=True, slots=True)
class Property:
    """One property, by its name on the wire.

    Attributes:
        type: as Pulumi's schema writes it (https://pulumi.com/docs/iac/guides/building-extending/packages/schema/).
        required: it must be given.
        default: what it is when it is not given.
        secret: it is a secret, in the state too.
        guarded: it stands beside a secret, for which it is easily mistaken: a wrong one is not shown.
        replaces: a change of it needs a new resource.
        shown: an input becomes an output too. The state has both: one that nobody reads there is not shown.
    """

    name: str
    type: Mapping[str, Any]
    description: str
    required: bool = False
    default: bool | float | None = None
    secret: bool = False
    guarded: bool = False
    replaces: bool = False
    shown: bool = True

    @property
    def python_name(self) -> str:
        """The name in a Pulumi program in Python: `datasetId` is `dataset_id` there."""
        return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", self.name)

    def schema(self) -> dict[str, Any]:
        """Itself in Pulumi's schema."""
        found = {**self.type, "description": self.description}
        if self.default is not None:
            found["default"] = self.default
        if self.secret:
            found["secret"] = True
        if self.replaces:
            found["willReplaceOnChanges"] = True
        return found


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A map with known keys that properties are made of."""

    token: str
    description: str
    properties: tuple[Property, ...]

    @property
    def reference(self) -> Mapping[str, Any]:
        """The type of a property that is one of these."""
        return {"$ref": f"#/types/{self.token}"}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.properties)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.properties if each.required)

    def schema(self) -> dict[str, Any]:
        """Itself in Pulumi's schema."""
        found = {"type": "object", "description": self.description, "properties": _schemas(self.properties)}
        return {**found, "required": sorted(self.required)} if self.required else found


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource: what may be given, and what only comes out."""

    token: str
    description: str
    inputs: tuple[Property, ...]
    results: tuple[Property, ...] = ()

    def default(self, name: str) -> bool | float | None:
        """What an input is when it is not given."""
        return next(each.default for each in self.inputs if each.name == name)

    @property
    def outputs(self) -> tuple[Property, ...]:
        """The inputs that are shown, and the results."""
        return (*(each for each in self.inputs if each.shown), *self.results)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The properties that must be secret in the state."""
        return tuple(each.name for each in (*self.inputs, *self.results) if each.secret)

    @property
    def replacing(self) -> frozenset[str]:
        """The properties whose change needs a new resource."""
        return frozenset(each.name for each in self.inputs if each.replaces)

    def schema(self) -> dict[str, Any]:
        """Itself in Pulumi's schema. What is required or has a default is always among the outputs."""
        needed = sorted(each.name for each in self.inputs if each.required)
        kept = {each.name for each in self.inputs if each.required or each.default is not None}
        there = sorted(each.name for each in self.outputs if each.name in kept or each in self.results)
        return {
            "description": self.description,
            "inputProperties": _schemas(self.inputs),
            **({"requiredInputs": needed} if needed else {}),
            "properties": _schemas(self.outputs),
            "required": there,
        }


def _schemas(properties: tuple[Property, ...]) -> dict[str, Any]:
    return {each.name: each.schema() for each in properties}
