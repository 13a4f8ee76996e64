"""An entry of a manifest's table taken out of one YAML text and put into another, with the comments that are its own.

As in `yaml_edit` every text is read again before it counts: it must say what it said before, with or without the entry.
What cannot be done so (a table in one line, an alias) is refused.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from lightly_access.manifest.yaml_edit import NotEditableError, Positions
from lightly_access.manifest.yaml_text import read
from lightly_access.tables.problem import Where

_COMMENT = re.compile(r"\s*#")


def without(text: str, table: Where, key: str, shown: str) -> tuple[str, str]:
    """The text without the entry, and the lines of the entry, its comments among them. Raises NotEditableError."""
    node = _block(text, table, shown)
    lines = text.splitlines(keepends=True)
    start, end = _span(lines, node, key, shown)
    entry = "".join(lines[start:end]).rstrip() + "\n"
    if len(node.value) == 1:  # a table of nothing is written as one
        owner = node.start_mark.line - 1
        while _COMMENT.match(lines[owner]) or not lines[owner].strip():
            owner -= 1
        lines[owner] = re.sub(r":[ \t]*(#[^\r\n]*)?(\r?\n?)$", _emptied, lines[owner])
    after = "".join(lines[:start] + lines[end:])
    wanted = _changed(read(text, shown).value, table, lambda known: {k: v for k, v in known.items() if k != key})
    return _checked(after, wanted, shown, f"{key} was not taken out"), entry


def with_entry(text: str, table: Where, entry: str, shown: str) -> str:
    """The text with the lines of an entry at the end of the table, which is made where there is none.

    Raises NotEditableError.
    """
    value: Any = read(entry, shown).value
    known = read(text, shown).value
    newline = "\r\n" if "\r\n" in text else "\n"
    body = text if not text or text.endswith("\n") else text + newline
    empty = _inner(known, table) in (None, {})
    parts: tuple[str, ...]
    if empty:
        parts = tuple(_in_new_table(body, known, table, entry, newline))
    else:
        node = _block(body, table, shown)
        lines = body.splitlines(keepends=True)
        at = _last_line(lines, node)
        parts = ("".join([*lines[:at], *_indented(entry, node.start_mark.column, newline), *lines[at:]]),)
    wanted = _changed(known, table, lambda found: {**found, **value})
    for tried in parts:
        try:
            return _checked(tried, wanted, shown, "the entry was not written")
        except NotEditableError:
            continue
    raise _refused(shown, "the entry was not written: its table is written in another way than a block of lines")


def _block(text: str, table: Where, shown: str) -> yaml.MappingNode:
    """The table's node, which must be a block of lines of its own."""
    node: Any = Positions(text).get_single_node()
    for part in table:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == part), None)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise _refused(shown, f"{'.'.join(table)} is no table of lines of its own")
    return node


def _span(lines: list[str], node: yaml.MappingNode, key: str, shown: str) -> tuple[int, int]:
    """From the comments just above the entry to the last line that is further in."""
    places = [(found.value, found.start_mark) for found, _ in node.value]
    index = next((number for number, (name, _) in enumerate(places) if name == key), None)
    if index is None:
        raise _refused(shown, f"{key} is not written there")
    column = places[index][1].column
    start = _comments_above(lines, places[index][1].line, column)
    return start, _end(lines, places[index][1].line, column)


def _comments_above(lines: list[str], line: int, column: int) -> int:
    """The first of the comment lines just above, written at the entry's own column."""
    while line > 0 and re.match(rf" {{{column}}}#", lines[line - 1]):
        line -= 1
    return line


def _last_line(lines: list[str], node: yaml.MappingNode) -> int:
    """After the last line of the table."""
    return _end(lines, int(node.value[-1][0].start_mark.line), node.start_mark.column)


def _end(lines: list[str], line: int, column: int) -> int:
    """After the last line of an entry: what is written below it further in belongs to it, blank lines do not."""
    end = line + 1
    while end < len(lines) and (not lines[end].strip() or re.match(rf" {{{column + 1}}}", lines[end])):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def _in_new_table(text: str, known: Any, table: Where, entry: str, newline: str) -> Iterator[str]:
    """Ways to write a table that is not there, or has nothing."""
    *owners, name = table
    column = 2 * len(owners)
    lines = text.splitlines(keepends=True)
    head = f"{' ' * column}{name}:"
    block = [head + newline, *_indented(entry, column + 2, newline)]
    for number, line in enumerate(lines):
        if re.match(rf"{re.escape(head)}\s*(\{{\}}|null|~)?\s*(#.*)?$", line.rstrip("\r\n")):
            yield "".join([*lines[:number], *block, *lines[number + 1 :]])
    if owners and isinstance(known, Mapping) and isinstance(known.get(owners[0]), Mapping):
        node: Any = Positions(text).get_single_node()
        held = next((value for key, value in node.value if key.value == owners[0]), None)
        if isinstance(held, yaml.MappingNode) and not held.flow_style and held.value:
            at = _last_line(lines, held)
            yield "".join([*lines[:at], *block, *lines[at:]])
    else:
        above = [f"{' ' * 2 * depth}{owner}:{newline}" for depth, owner in enumerate(owners)]
        yield "".join([*lines, *above, *block])


def _indented(entry: str, column: int, newline: str) -> list[str]:
    """The lines, with the first key at this column."""
    lines = entry.splitlines()
    first = next((line for line in lines if line.strip() and not _COMMENT.match(line)), "")
    shift = column - (len(first) - len(first.lstrip(" ")))
    return [f"{_shifted(line, shift)}{newline}" for line in lines]


def _shifted(line: str, by: int) -> str:
    written = line.lstrip(" ")
    return f"{' ' * (len(line) - len(written) + by)}{written}" if written else ""


def _inner(value: Any, table: Where) -> Any:
    for part in table:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _changed(value: Any, table: Where, change: Any) -> Any:
    """A copy with the table at this place changed; tables that are not there are made."""
    known = dict(value) if isinstance(value, Mapping) else {}
    if not table:
        return change(known)
    return {**known, table[0]: _changed(known.get(table[0]), table[1:], change)}


def _checked(text: str, wanted: Any, shown: str, what: str) -> str:
    if read(text, shown).value != wanted:
        raise _refused(shown, f"{what}: other values of the file would change with it")
    return text


def _emptied(end: re.Match[str]) -> str:
    comment = f" {end[1]}" if end[1] else ""
    return f": {{}}{comment}{end[2]}"


def _refused(shown: str, why: str) -> NotEditableError:
    return NotEditableError(f"{shown}: {why}\nhint: move the entry by hand, then run this again")
