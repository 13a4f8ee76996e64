"""One key of a YAML file set, and not one other character changed: comments, order, anchors, quotes and line ends stay.

The places are PyYAML's, as `yaml_text` reads them. Every edit is read again before it counts: it must say what was said
before, with that one key. What cannot be done so (the table is an alias, and others would change with it) is refused.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lightly_access.manifest.written_lines import scalar
from lightly_access.manifest.yaml_text import Loader, read
from lightly_access.tables.problem import Where

_ALIAS = "alias"
_ANCHOR = re.compile(r"&\S+[ \t]*")


class NotEditableError(ValueError):
    """The key cannot be set without changing something else: where, why, and that it is to be written by hand."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A file as it was, as it shall be, and the line (from 1) that differs."""

    file: Path
    before: str
    after: str
    line: int

    def write(self) -> None:
        """At once or not at all, with the file's own rights. Raises OSError, also when it is not as it was."""
        if read_exactly(self.file) != self.before:
            raise OSError(f"{self.file} was changed by somebody else meanwhile")
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=f".{self.file.name}.")
        try:
            with os.fdopen(handle, "wb") as written:
                written.write(self.after.encode())
            shutil.copymode(self.file, name)
            os.replace(name, self.file)
        except BaseException:
            os.unlink(name)
            raise


def read_exactly(file: Path) -> str:
    """The text, line ends and a byte-order mark as they are. Raises OSError, UnicodeDecodeError."""
    return file.read_bytes().decode("utf-8")


def edit(file: Path, table: Where, key: str, value: str | bool) -> Edit:
    """The file with this key in the table at this place. Raises NotEditableError, OSError, UnicodeDecodeError."""
    file = file.resolve()
    before = read_exactly(file)
    after = with_key(before, table, key, value, str(file))
    changed = next((number for number, pair in enumerate(_lines(before, after), 1) if pair[0] != pair[1]), 1)
    return Edit(file, before, after, changed)


def with_key(text: str, table: Where, key: str, value: str | bool, shown: str = "it") -> str:
    """The text with `key: value` in the table at `table`. Raises NotEditableError."""
    mark = text[: len(text) - len(text.removeprefix("\ufeff"))]
    body = text[len(mark) :]
    known = read(body, shown)
    wanted = _set(known.value, table, key, value)
    if wanted is None:
        raise _refused(shown, table, key, value, "it is not a table of its own there", 1)
    if wanted == known.value:
        return text
    try:
        node, line = _node(body, table)
    except _SharedError as shared:
        raise _refused(shown, table, key, value, str(shared), shared.line) from None
    for tried in _candidates(body, node, key, value):
        again = read(tried, shown)
        if again.value == wanted and len(again.problems) == len(known.problems):
            return mark + tried
    raise _refused(shown, table, key, value, "other values of the file would change with it", line)


def _lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    yield from zip([*old, *[""] * (len(new) - len(old))], new, strict=True)


def _set(value: Any, table: Where, key: str, new: object) -> Any:
    """A copy with the key set; None where there is no such table."""
    if not isinstance(value, dict):
        return None
    if not table:
        return {**value, key: new}
    inner = _set(value.get(table[0]), table[1:], key, new)
    return None if inner is None else {**value, table[0]: inner}


def _refused(shown: str, table: Where, key: str, value: str | bool, why: str, line: int) -> NotEditableError:
    written = scalar(value) if isinstance(value, str) else str(value).lower()
    return NotEditableError(
        f"{shown}:{line}: {key} of {'.'.join(table)} was not written: {why}\nhint: write it by hand: `{key}: {written}`"
    )


class _SharedError(Exception):
    def __init__(self, why: str, line: int) -> None:
        self.line = line
        super().__init__(why)


class Positions(Loader):
    """Composes nodes with their places; an alias is a leaf of its own."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # of PyYAML
        if isinstance(event, yaml.AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]  # of PyYAML
            place: tuple[Any, Any] = (event.start_mark, event.end_mark)
            return yaml.ScalarNode(_ALIAS, event.anchor, *place)
        return super().compose_node(parent, index)


def _node(text: str, table: Where) -> tuple[yaml.MappingNode, int]:
    """The table, and its line. Raises _SharedError where it is written somewhere else."""
    node, line = Positions(text).get_single_node(), 1
    for part in table:
        if not isinstance(node, yaml.MappingNode):
            break
        line = node.start_mark.line + 1
        found = {str(key.value): (key, value) for key, value in node.value}
        if part not in found:
            raise _SharedError(f"{part} comes from somewhere else through <<, and others have it too", line)
        line = found[part][0].start_mark.line + 1
        node = found[part][1]
    if isinstance(node, yaml.MappingNode):
        return node, line
    if node is not None and node.tag == _ALIAS:
        raise _SharedError(f"it is written as *{node.value}, and others have it too", line)
    raise _SharedError("it is written as text and not as a table", line)


def _candidates(text: str, node: yaml.MappingNode, key: str, value: str | bool) -> Iterator[str]:
    """Ways to write it, the one that reads best first."""
    plain = scalar(value) if isinstance(value, str) else str(value).lower()
    for known, held in node.value:
        if known.value == key:
            yield from _replacing(text, held, plain, value)
            return
    entry = f"{key}: {plain}"
    if node.flow_style:
        quoted = any(known.style == '"' for known, _ in node.value)
        entry = f'"{key}": {plain}' if quoted else entry
        if node.value:
            end = node.value[-1][1].end_mark.index
            yield f"{text[:end]}, {entry}{text[end:]}"
        start = node.start_mark.index + text[node.start_mark.index :].index("{") + 1
        yield f"{text[:start]}{entry}{', ' if node.value else ''}{text[start:]}"
        return
    first = node.value[0][0].start_mark
    indent = " " * first.column
    for _, held in reversed(node.value):
        if _ends_in_its_line(held):
            end = _line_end(text, held.end_mark.index, first.column)
            yield f"{text[:end]}{_newline(text, end)}{indent}{entry}{text[end:]}"
    at = first.index
    yield f"{text[:at]}{entry}{_newline(text, at)}{indent}{text[at:]}"


def _replacing(text: str, held: yaml.Node, plain: str, value: str | bool) -> Iterator[str]:
    start, end = held.start_mark.index, held.end_mark.index
    old = text[start:end]
    if not old:  # a key without a value
        yield f"{text[:start]} {plain}{text[end:]}"
        return
    anchor = found[0] if (found := _ANCHOR.match(old)) else ""
    if isinstance(value, str) and getattr(held, "style", None) == "'" and "'" not in value:
        yield f"{text[:start]}{anchor}'{value}'{text[end:]}"
    if isinstance(value, str) and getattr(held, "style", None) == '"' and not plain.startswith('"'):
        plain = f'"{plain}"'
    kept = old[len(old.rstrip("\r\n")) :]  # of a block of text, whose end is the next line's begin
    yield f"{text[:start]}{anchor}{plain}{kept}{text[end:]}"


def _ends_in_its_line(held: yaml.Node) -> bool:
    """Whether the line on which a value ends is its own."""
    if isinstance(held, yaml.ScalarNode):
        return held.style not in ("|", ">")
    return bool(held.flow_style) if isinstance(held, yaml.CollectionNode) else False


def _line_end(text: str, index: int, column: int) -> int:
    """Where the line ends, with the comment that goes on below it, further in than the keys."""
    end = _eol(text, index)
    while found := re.compile(r"\r?\n([ ]*)#[^\r\n]*").match(text, end):
        if len(found[1]) <= column:
            break
        end = found.end()
    return end


def _eol(text: str, index: int) -> int:
    found = re.compile(r"\r?\n|\Z").search(text, index)
    return found.start() if found else len(text)


def _newline(text: str, index: int) -> str:
    """The line end that the file has there; at its end the one that it has elsewhere."""
    found = re.compile(r"\r?\n").search(text, index) or re.search(r"\r?\n", text)
    return found[0] if found else "\n"
