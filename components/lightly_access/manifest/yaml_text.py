"""YAML as Pulumi reads it, with the line of every key.

Pulumi reads stack files with go-yaml v3: `on`, `yes` and `1:30` are text there, a key that comes twice is an error, and
a date stays text. PyYAML alone follows YAML 1.1 and would read something else than the deployment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from lightly_core.fault import Fault

from lightly_access.tables.problem import Place, Problem, Where

_MOST_NODES = 100_000
_HOLDS_ITSELF = "too many values, or one that holds itself through an alias"
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """The scanner and parser of PyYAML with the scalars of go-yaml v3."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way to declare them


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]{1,18}|0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}|0b[01]{1,60}", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


@dataclass
class Document:
    """The value of a file, the line of every key and item, and the faults of the text itself."""

    value: object = None
    places: dict[Where, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(text: str, file: str) -> Document:
    """The document in `text`; `file` is its name in messages. Nothing is raised: faults are in `problems`."""
    document = Document()
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            document.value = _Reading(document, file, loader).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        document.problems.append(_unreadable(what, Place(file, mark.line + 1 if mark else 1)))
    except (yaml.YAMLError, ValueError) as error:
        document.problems.append(_unreadable(str(error).splitlines()[0], Place(file, 1)))
    except RecursionError:
        document.problems.append(_unreadable("too deep a nesting", Place(file, 1)))
    return document


def _unreadable(what: str, place: Place) -> Problem:
    return Problem((), f"text that is not YAML ({what})", "a YAML file", None, place)


class _Reading:
    """One walk over the nodes of a document."""

    def __init__(self, document: Document, file: str, loader: _Loader) -> None:
        self._document, self._file, self._loader = document, file, loader
        self._open: set[int] = set()
        self._count = 0

    def value(self, node: yaml.Node, where: Where) -> object:
        self._count += 1
        if self._count > _MOST_NODES or id(node) in self._open:
            raise ValueError(_HOLDS_ITSELF)
        place = Place(self._file, node.start_mark.line + 1)
        self._document.places.setdefault(where, place)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return dict(self._items(node, where))
            return [self.value(item, (*where, str(index))) for index, item in enumerate(node.value)]
        finally:
            self._open.discard(id(node))

    def _items(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, object]]:
        first: dict[str, int] = {}
        merges = 0
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == f"{_TAG}merge":
                merges += 1
                if id(value_node) in self._open:
                    raise ValueError(_HOLDS_ITSELF)
            elif (key := _key(key_node)) in first:
                fault = Fault("every name once", f"it stands in line {first[key]} as well")
                self._document.problems.append(
                    Problem((*where, key), "the same name again", fault.expected, fault.hint, Place(self._file, line))
                )
            else:
                first[key] = line
        if merges:
            self._loader.flatten_mapping(node)
        for key_node, value_node in node.value:
            path = (*where, _key(key_node))
            self._document.places[path] = Place(self._file, key_node.start_mark.line + 1)
            yield path[-1], self.value(value_node, path)


def _key(node: yaml.Node) -> str:
    """Every key as text, as Pulumi makes it (`fmt.Sprintf("%v")`)."""
    key = _scalar(node) if isinstance(node, yaml.ScalarNode) else "?"
    return str(key).lower() if isinstance(key, bool) else "<nil>" if key is None else str(key)


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    match node.tag.removeprefix(_TAG):
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case "int":
            digits = text.lstrip("+-")
            octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit() and not set(digits) & set("89")
            number = int(digits, 8) if octal else int(digits, 0 if digits[:1] == "0" and not digits.isdigit() else 10)
            return -number if text.startswith("-") else number
        case "float":
            return float(text)
    return text
