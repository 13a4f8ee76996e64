"""The package's schema. `python -m lightly_package.schema` writes it as it is checked in, `schema.json`.

It comes from the classes themselves: arguments from the tables that check them, outputs from what the classes say that
they have. Reading it loads no cloud's SDK; writing it loads all of them.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
from lightly_access.arguments.check import Component
from lightly_access.arguments.table import hides
from lightly_access.arguments.written import texts_below
from lightly_core.resource_types import DATASOURCE, LIGHT
from lightly_core.resource_types.resource_type import TEXT, ObjectType, Property, map_of
from lightly_core.version import VERSION

from lightly_package.schema_types import Schema, SchemaTypes, bare, description_of, hints_of
from lightly_package.tokens import PACKAGE, TOKENS, class_name, wire_name

CREDENTIAL = ObjectType(
    f"{PACKAGE}:index:Credential",
    "What Lightly gets in with; never the secret itself.",
    (
        Property("kind", TEXT, "What it is, such as `role` or `access key`.", required=True),
        Property("created", TEXT, "When it was made."),
        Property("rotates", TEXT, "The day from which on a deployment replaces it."),
        Property("expires", TEXT, "When it ends by itself."),
        Property("period", TEXT, "Another text is another credential."),
        Property("method", TEXT, "How a SAS token is signed."),
    ),
)
REGISTERED = ObjectType(
    f"{PACKAGE}:index:RegisteredPath",
    "Where Lightly reads and writes.",
    (
        Property("kind", TEXT, "The kind of store.", required=True),
        Property("access", TEXT, "How Lightly gets in.", required=True),
        Property("path", TEXT, "The registered path.", required=True),
    ),
)
PACKAGE_LIGHT = ObjectType(f"{PACKAGE}:index:Light", LIGHT.description, LIGHT.properties)
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "credential": CREDENTIAL.reference,
    "credentials": map_of(CREDENTIAL.reference),
    "datasources": map_of(REGISTERED.reference),
    "lights": map_of(map_of(PACKAGE_LIGHT.reference)),
}
"""The outputs that are tables, of which Python's types say less."""
_NO_OUTPUTS = frozenset({"expected", "login", "may_stay", "prerequisites", "probe_credential", "registration"})
"""What accesses, stores and datasets tell each other, secrets and resources in it."""

_SECRETS = frozenset({"secret", *(each.name for each in DATASOURCE.inputs if each.secret)})
"""Not all that is not shown: a program in Python has the others in the state in clear, and moving to another language
changes nothing."""


@functools.cache
def checked_in() -> str:
    """The text of `schema.json`."""
    return files("lightly_package").joinpath("schema.json").read_text("utf-8")


@functools.cache
def schema() -> Mapping[str, Any]:
    """The package's schema with its version, in the form that `pulumi package` reads."""
    return {**json.loads(checked_in()), "version": VERSION}


def generated() -> str:
    """The text of `schema.json`, of the classes as they are."""
    public = import_module("lightly_access")
    components = {token: getattr(public, class_name(token)) for token in TOKENS}
    types = SchemaTypes(components)
    resources = {token: _component(token, cls, types) for token, cls in components.items()}
    objects = {each.token: each.schema() for each in (CREDENTIAL, REGISTERED, PACKAGE_LIGHT)}
    document = {
        "name": PACKAGE,
        "displayName": "lightly-access",
        "description": "Least-privilege access for Lightly to storage you own: created, registered, verified and "
        "proved.",
        "keywords": ["lightly", "kind/component", "category/infrastructure"],
        "license": "Apache-2.0",
        "types": {**objects, **types.named},
        "resources": resources,
        "language": {"nodejs": {"packageName": PACKAGE}},
    }
    longer = {name for cls in components.values() for name in hints_of(_table(cls)) if "_" in name}
    names = re.compile(rf"\b({'|'.join(sorted(longer))})\b")
    return json.dumps(_in_wire_names(document, names), indent=2, ensure_ascii=False) + "\n"


def _component(token: str, cls: type, types: SchemaTypes) -> Schema:
    table = _table(cls)
    words, found, needed = texts_below(table), {}, []
    for name, hint in hints_of(table).items():
        if "__call__" in getattr(bare(hint), "__dict__", {}):
            continue  # a function of the program's
        wire = wire_name(name)
        written = types.written(hint, token, wire)
        secret = hides(hint) and wire in _SECRETS
        found[wire] = {
            **written,
            "description": words[name] + types.choice(token, wire),
            **({"secret": True} if secret else {}),
        }
        needed += [wire] if name in table.__required_keys__ else []
    outputs = list(_outputs(token, cls, types, words))
    return {
        "isComponent": True,
        "description": description_of(cls),
        "inputProperties": found,
        "requiredInputs": sorted(needed),
        "properties": {name: written for name, written, _ in outputs},
        "required": sorted(name for name, _, always in outputs if always),
    }


def _outputs(
    token: str, cls: type, types: SchemaTypes, arguments: Mapping[str, str]
) -> Iterator[tuple[str, Schema, bool]]:
    """Name and type of what a component has when it is made, and whether it always has it."""
    for base in reversed(cls.__mro__[: cls.__mro__.index(Component)]):
        words = texts_below(base)
        for name, hint in vars(base).get("__annotations__", {}).items():
            if name in _NO_OUTPUTS or any(get_origin(part) is pulumi.Output for part in get_args(hint)):
                continue  # the latter is there when another component has taken it
            inner = get_args(hint)[0] if get_origin(hint) is pulumi.Output else hint
            written = _TABLES.get(name) or types.written(inner, token, wire_name(name))
            always = NoneType not in get_args(inner)
            yield (
                wire_name(name),
                {**_never_plain(written), "description": words.get(name, arguments.get(name))},
                always,
            )


def _never_plain(written: Any) -> Any:
    """The type of an output: all of it may come late."""
    if not isinstance(written, Mapping):
        return written
    return {key: _never_plain(value) for key, value in written.items() if key != "plain"}


def _table(cls: Any) -> Any:
    """The TypedDict of a component's arguments."""
    return get_type_hints(cls.__init__)["args"]


def _in_wire_names(value: Any, names: re.Pattern[str]) -> Any:
    """The same, with arguments and outputs called in the texts as they are called in the languages."""
    if isinstance(value, Mapping):
        return {key: _in_wire_names(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_wire_names(inner, names) for inner in value]
    return names.sub(lambda found: wire_name(found[0]), value) if isinstance(value, str) else value


if __name__ == "__main__":
    Path(str(files("lightly_package"))).joinpath("schema.json").write_text(generated(), "utf-8")
