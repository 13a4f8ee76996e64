"""YAML as Pulumi reads it, with the line of every key; what the two may read differently is refused.

Pulumi reads stack files with go-yaml v3, whose scalars are in `yaml_scalars`. The scanner and parser are PyYAML's,
which knows YAML 1.1: what that reads otherwise (tags, directives, keys that are no plain text, tabs between tokens,
line breaks other than LF and CRLF) has no place in a manifest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from lightly_core.fault import Fault

from lightly_access.manifest.yaml_plain import is_plain
from lightly_access.manifest.yaml_scalars import UnreadableScalarError, key_text, resolved
from lightly_access.tables.problem import Place, Problem, Where

_MOST_NODES = 100_000
MOST_DEEP = 64
"""Tables and lists inside each other: a manifest needs seven, and Python's own parser gives up at some two hundred."""
_HOLDS_ITSELF = "too many values, or one that holds itself through an alias"
_STR = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_PLAIN = "plain"
_QUOTES = "put it in quotes"
_WAYS_OUT = {
    "'\\t'": "YAML is indented by spaces, not by tabs",
    "mapping values are not allowed": "is a `:` missing in the line before, or does this line begin too far right?",
    "could not find expected ':'": "is a `:` missing, or the space after it?",
}
"""What PyYAML says of the slips that are made most -> the way out."""
_ODD_BLOCK = re.compile(r"^[|>][0-9]*\+|^ *\t", re.MULTILINE)
_ODD_BREAK = re.compile("\r(?!\n)|[\u0085\u2028\u2029]")


class _TooDeepError(Exception):
    """A table or list inside too many others, which begins in this line."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


class _Marking:
    """A plain scalar is marked as one, instead of as what YAML 1.1 takes it for."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way to declare them

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is not yaml.ScalarNode:
            return super().resolve(kind, value, implicit)  # type: ignore[misc]  # the loader's, which comes behind it
        if implicit[0]:
            return _MERGE if value == "<<" else _PLAIN
        return _STR


class Loader(_Marking, yaml.SafeLoader):
    """The scanner and parser of PyYAML; a tag is refused."""

    _deep = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # of PyYAML
        if getattr(event, "tag", None) is not None:
            raise _refused("a tag, which has no place here", event)
        if isinstance(event, yaml.CollectionStartEvent) and self._deep == MOST_DEEP:
            raise _TooDeepError(event.start_mark.line + 1)  # type: ignore[union-attr]  # an event of a text has one
        self._deep += 1
        node = super().compose_node(parent, index)
        self._deep -= 1
        return node

    def process_directives(self) -> Any:
        directive = self.peek_token()  # type: ignore[no-untyped-call]  # of PyYAML
        if isinstance(directive, yaml.DirectiveToken):
            raise _refused("a directive, which has no place here", directive)
        return super().process_directives()  # type: ignore[no-untyped-call]  # of PyYAML


_PlainLoader: type[Any] = type("_PlainLoader", (_Marking, yaml.CSafeLoader), {}) if yaml.__with_libyaml__ else Loader


def _composed(text: str) -> tuple[Any, yaml.Node | None]:
    """The loader and the node of the document; what libyaml refuses is refused in the words of the other."""
    if is_plain(text):
        try:
            quick = _PlainLoader(text)
            return quick, quick.get_single_node()
        except yaml.YAMLError:
            pass
    loader = Loader(text)
    return loader, loader.get_single_node()


@dataclass
class Document:
    """The value of a file, the line of every key and item, and the faults of the text itself."""

    value: object = None
    places: dict[Where, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(text: str, file: str) -> Document:
    """The document in `text`; `file` is its name in messages. Nothing is raised: faults are in `problems`."""
    document = Document()
    if found := _ODD_BREAK.search(text):
        line = text.count("\n", 0, found.start()) + 1
        document.problems.append(_unreadable("a line break that is neither LF nor CRLF", Place(file, line)))
        return document
    try:
        loader, node = _composed(text)
        if node is not None:
            document.value = _Reading(document, file, text, loader).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        document.problems.append(_unreadable(what, Place(file, mark.line + 1 if mark else 1)))
    except (yaml.YAMLError, ValueError) as error:
        document.problems.append(_unreadable(str(error).splitlines()[0], Place(file, 1)))
    except _TooDeepError as error:
        hint = "the stores and datasets of a manifest stand at its top: is it another program's file?"
        expected = f"at most {MOST_DEEP} inside each other"
        problem = Problem((), "a table or list inside too many others", expected, hint, Place(file, error.line))
        return Document(problems=[problem])  # alone, whoever parses and however far it came
    return document


def _refused(what: str, here: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=here.start_mark)


def _unreadable(what: str, place: Place) -> Problem:
    hint = next((hint for words, hint in _WAYS_OUT.items() if words in what), None)
    return Problem((), f"text that is not YAML ({what})", "a YAML file", hint, place)


class _Reading:
    """One walk over the nodes of a document."""

    def __init__(self, document: Document, file: str, text: str, loader: Any) -> None:
        self._document, self._file, self._text, self._loader = document, file, text, loader
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._count = 0

    def value(self, node: yaml.Node, where: Where) -> object:
        self._count += 1
        if self._count > _MOST_NODES or id(node) in self._open:
            raise ValueError(_HOLDS_ITSELF)
        place = Place(self._file, node.start_mark.line + 1)
        self._document.places.setdefault(where, place)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, where)
        if len(where) >= MOST_DEEP:
            raise _TooDeepError(place.line)
        self._open.add(id(node))
        self._seen.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return dict(self._items(node, where))
            return [self.value(item, (*where, str(index))) for index, item in enumerate(node.value)]
        finally:
            self._open.discard(id(node))

    def _items(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, object]]:
        first: dict[str, int] = {}
        merges = False
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == _MERGE:
                merges = True
                self._check_merged(value_node)
            key = self._key(key_node, where)
            if node.flow_style and value_node.tag == _PLAIN and not value_node.value:
                raise yaml.MarkedYAMLError(
                    problem="a key without a value in { } or [ ]", problem_mark=key_node.start_mark
                )
            if key in first:
                fault = Fault("every name once", f"it stands in line {first[key]} as well")
                self._refuse((*where, key), "the same name again", fault, line)
            first.setdefault(key, line)
        if merges:
            self._loader.flatten_mapping(node)
        for key_node, value_node in node.value:
            path = (*where, self._key(key_node, where, again=True))
            self._document.places[path] = Place(self._file, key_node.start_mark.line + 1)
            yield path[-1], self.value(value_node, path)

    def _check_merged(self, node: yaml.Node) -> None:
        """What is merged stands somewhere before, where its keys were looked at."""
        for each in node.value if isinstance(node, yaml.SequenceNode) else (node,):
            if id(each) in self._open:
                raise ValueError(_HOLDS_ITSELF)
            if id(each) not in self._seen:
                raise _refused("<< with something else than an alias", each)

    def _key(self, node: yaml.Node, where: Where, *, again: bool = False) -> str:
        """A key as it is written; one that Pulumi makes another text of is refused, the first time it is seen."""
        if not isinstance(node, yaml.ScalarNode):
            raise _refused("a key that is no text", node)
        text: str = node.value
        if node.tag == _PLAIN and not again:
            try:
                return key_text(text)
            except UnreadableScalarError as read_as:
                fault = Fault(f"a name that YAML does not read as {read_as}", f"{_QUOTES}: '{text}'")
                self._refuse((*where, text), text and ascii(text), fault, node.start_mark.line + 1)
        return text

    def _scalar(self, node: yaml.ScalarNode, where: Where) -> object:
        text: str = node.value
        if node.tag == _STR:
            if node.style in ("|", ">") and _ODD_BLOCK.search(self._text[node.start_mark.index : node.end_mark.index]):
                problem = "a block of text with + or a tab, which programs read differently"
                raise _refused(problem, node)
            return text
        if node.tag == _MERGE:
            raise _refused("<< that is no key", node)
        try:
            return resolved(text)
        except UnreadableScalarError as read_as:
            fault = Fault(f"a value that YAML does not read as {read_as}", f"{_QUOTES}: '{text}'")
            self._refuse(where, ascii(text), fault, node.start_mark.line + 1)
            return text

    def _refuse(self, where: Where, got: str, fault: Fault, line: int) -> None:
        place = Place(self._file, line)
        self._document.problems.append(Problem(where, got, fault.expected, fault.hint, place))
