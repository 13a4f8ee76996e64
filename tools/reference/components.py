"""What a Pulumi program imports from `lightly_access`: of every public name what its source says."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, get_type_hints

import lightly_access
from lightly_access import outputs
from lightly_access.arguments.check import Component
from lightly_access.arguments.table import LOCAL_NAMES
from lightly_access.arguments.written import texts_below
from lightly_access.resources.resource import LightlyResource
from lightly_core.resource_types.resource_type import Property

from tools.reference.markdown import code, escaped, first_sentence, prose, table
from tools.reference.type_names import type_name

Row = tuple[str, str, bool, str]
"""A name, its type, whether it must be given, and what it means."""

HEAD = """\
# Components

<!-- made by `python -m tools.reference` of docstrings and types: change those -->

What `lightly_access` has for a Pulumi program in Python. `deploy_stack()` deploys a [manifest](../manifest.md); the
components are for a program of your own ([example](../../examples/s3/__main__.py)). Each takes a name, a table of
arguments and Pulumi's options; all that is wrong with the arguments is said at once, in the words of the manifest.
`Input[...]` is a value or an output of another resource.
"""
GROUPS = ("Programs", "Stores", "Accesses", "Datasets", "Resources", "Values")
_WORDS = {"string": "str", "boolean": "bool", "number": "float", "object": "dict"}


def page() -> str:
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for name in lightly_access.__all__:
        if group := _group(getattr(lightly_access, name)):
            groups[group].append(name)
    lines = [
        (group, f"[`{name}`](#{name.lower()})", escaped(first_sentence(_said(getattr(lightly_access, name)))))
        for group, names in groups.items()
        for name in names
    ]
    parts = [HEAD, table(("", "name", "what it is"), lines)]
    for group, names in groups.items():
        parts += [f"## {group}", *(part for name in names for part in _entry(name, getattr(lightly_access, name)))]
        if group == "Programs":
            parts += ["### Outputs of a stack", inspect.cleandoc(outputs.__doc__ or "")]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _group(found: Any) -> str | None:
    """Where it stands; a table of arguments stands with its component."""
    if not isinstance(found, type) or found is lightly_access.Manifest:
        return "Programs"
    if found in _tables():
        return None
    if issubclass(found, lightly_access.Access):
        return "Accesses"
    if issubclass(found, lightly_access.LightlyDataset):
        return "Datasets"
    if issubclass(found, _stores()):
        return "Stores"
    return "Resources" if issubclass(found, LightlyResource) else "Values"


def _tables() -> list[Any]:
    """The tables of arguments."""
    public = (getattr(lightly_access, name) for name in lightly_access.__all__)
    return [each for each in public if hasattr(each, "__required_keys__")]


def _stores() -> tuple[type, ...]:
    """What an access can be to."""
    stores = (get_type_hints(each, localns=LOCAL_NAMES).get("store") for each in _tables())
    return tuple(each for each in stores if each and not getattr(each, "_is_protocol", False))


def _entry(name: str, found: Any) -> Iterator[str]:
    yield f"### {name}"
    if not isinstance(found, type):
        yield code(f"{name}{_signature(found)}")
    text, texts = _without_attributes(_said(found))
    yield prose(text, "python")
    if not isinstance(found, type):
        return
    if issubclass(found, LightlyResource):
        for word, wrapped, rows in (("argument", "Input", found._row.inputs), ("output", "Output", found._row.results)):
            yield from _table(word, (_property(row, wrapped) for row in rows))
        return
    if issubclass(found, Enum):
        yield ", ".join(code(f"{name}.{member.name}") for member in found)
    if not issubclass(found, Component):
        yield from _table("argument" if is_dataclass(found) else "output", _fields(found, texts))
        yield from _methods(found)
        return
    if "args" in inspect.signature(found.__init__).parameters:
        yield from _arguments(get_type_hints(found.__init__)["args"])
    yield from _table("output", _fields(found, texts))
    if issubclass(found, lightly_access.Access) and found is not lightly_access.Access:
        yield "It has the outputs of every [Access](#access)."


def _arguments(typed: Any) -> Iterator[str]:
    texts, hints = texts_below(typed), get_type_hints(typed, localns=LOCAL_NAMES)
    yield f"Arguments (`{typed.__name__}`):"
    yield from _table(
        "argument",
        ((key, type_name(hint), key in typed.__required_keys__, texts.get(key, "")) for key, hint in hints.items()),
    )


def _fields(cls: type, texts: Mapping[str, str]) -> Iterator[Row]:
    """The attributes of a class; of a value with those that it inherits."""
    needed = {each.name for each in fields(cls) if each.default is MISSING} if is_dataclass(cls) else set()
    for base in reversed(cls.__mro__) if is_dataclass(cls) else (cls,):
        below = {**texts, **texts_below(base)}
        for key, hint in inspect.get_annotations(base).items():
            if not key.startswith("_"):
                yield key, type_name(hint), key in needed, below.get(key, "")


def _property(row: Property, wrapped: str) -> Row:
    said = f"{row.description} Default: `{row.default}`." if row.default is not None else row.description
    return row.python_name, f"{wrapped}[{_WORDS[row.type.get('type', 'object')]}]", row.required, said


def _table(word: str, rows: Iterable[Row]) -> Iterator[str]:
    shown = [(code(key), code(kind), "yes" if needed else "", escaped(said)) for key, kind, needed, said in rows]
    if shown and word == "argument":
        yield table((word, "type", "required", "meaning"), shown)
    elif shown:
        yield table((word, "type", "meaning"), (row[:2] + row[3:] for row in shown))


def _methods(cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if not name.startswith("_") and inspect.isfunction(function) and function.__doc__:
            called = "" if isinstance(member, property) else _signature(function)
            yield f"`{cls.__name__}.{name}{called}`: {prose(inspect.getdoc(function) or '', 'python')}"


def _signature(function: Any) -> str:
    """Its parameters and what it returns, without modules and without the first of a method."""
    signature = inspect.signature(function)
    rest = [each for name, each in signature.parameters.items() if name not in ("self", "cls")]
    return re.sub(r"(?:\b[a-z_]\w*\.)+|'", "", str(signature.replace(parameters=rest)))


def _said(found: Any) -> str:
    """The docstring in the source; a component's `__doc__` has its arguments as well."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(found))).body
    assert isinstance(definition, ast.ClassDef | ast.FunctionDef)
    return ast.get_docstring(definition) or ""


def _without_attributes(text: str) -> tuple[str, dict[str, str]]:
    """A docstring, and what a section of it says of each attribute."""
    found = re.search(r"Attributes:\n((?: +.*\n?)+)", text)
    if not found:
        return text, {}
    lines = (line.partition(": ") for line in textwrap.dedent(found[1]).splitlines())
    return text.replace(found[0], ""), {name: said for name, _, said in lines}
