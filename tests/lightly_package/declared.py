"""One program, as data: every component, made by its class in Python, or by the engine's call of the package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lightly_access
import pulumi
from lightly_access import LocalFolders, Network, ObsBucket
from lightly_package.schema import schema
from lightly_package.tokens import TOKENS, class_name, wire_name


@dataclass(frozen=True)
class Ref:
    """An argument that is another component of the program."""

    name: str


@dataclass(frozen=True)
class Sealed:
    """An argument that is a secret."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Declared:
    """One component, its arguments as Python has them."""

    kind: str
    name: str
    args: Mapping[str, Any]

    @property
    def token(self) -> str:
        (found,) = (token for token in TOKENS if class_name(token) == self.kind)
        return found


class Remote(pulumi.ComponentResource):
    """What the generated classes of every language do."""

    def __init__(self, token: str, name: str, args: Mapping[str, Any]) -> None:
        outputs = dict.fromkeys(schema()["resources"][token]["properties"])
        super().__init__(token, name, {**outputs, **args}, remote=True)


def in_python(program: list[Declared]) -> dict[str, Any]:
    """The components, by name."""
    made: dict[str, Any] = {}
    for each in program:
        args = {key: _opened(value, made) for key, value in each.args.items()}
        made[each.name] = getattr(lightly_access, each.kind)(each.name, args)
    return made


def by_the_package(program: list[Declared]) -> dict[str, Any]:
    """The same, remote."""
    made: dict[str, Any] = {}
    for each in program:
        args = {wire_name(key): _wire(value, made) for key, value in each.args.items()}
        made[each.name] = Remote(each.token, each.name, args)
    return made


def _wire(value: Any, made: Mapping[str, Any]) -> Any:
    if isinstance(value, Network | LocalFolders | ObsBucket):
        names = value.__dataclass_fields__
        return {wire_name(name): getattr(value, name) for name in names if getattr(value, name) is not None}
    return _opened(value, made)


def _opened(value: Any, made: Mapping[str, Any]) -> Any:
    if isinstance(value, Ref):
        return made[value.name]
    return pulumi.Output.secret(value.text) if isinstance(value, Sealed) else value
