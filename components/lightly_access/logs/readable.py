"""A log as it was written down by a terminal, a pipeline or Pulumi's event log -> the lines that were said. Pure.

Known are ANSI's escapes and Pulumi's own colour tags; the times and names that GitHub Actions, GitLab CI, Azure
Pipelines, Jenkins and Docker put before each line; lines that were cut at a width; and Pulumi's events
(https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go), of which only what is said counts:
the properties of resources hold policies and conditions, which are no refusals.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]_][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^])|<\{%[^%]*%\}>")
_TIME = r"\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?"
_BEFORE = re.compile(
    rf"(?:[^\t\n]{{1,80}}\t[^\t\n]{{1,80}}\t(?:\ufeff?{_TIME} ?)?|{_TIME}(?: \d\d[OE](?P<goes_on>\+)?)? ?|[\w.-]+ +\| )"
)
"""What a pipeline puts before a line: job, step and time; a time, and GitLab's stream; a container."""
_MARKS = re.compile(r"^(?:##\[\w+\]|::(?:error|warning|notice|debug)(?: [^:]*)?::)")
_PROGRESS = re.compile(r"\b\d{1,5}/\d{1,5} s .{0,500}?(?:\bred: | of \d{1,3} times).*$")
"""What a verification says while it goes on; in the end it says the same as an error, or that all is well."""
_MOST = 0.8
"""Of all lines must have something before them, or it belongs to what was said."""
_WIDTHS, _FEWEST = range(40, 400), 3
_SAYS = ("message", "msg", "error", "err", "log")
_SPOKEN = frozenset({"error", "warning", "info#err"})


def readable(text: str) -> str:
    """What was said, a line as it was said. A text that is no log stays as it is."""
    if (said := _document(text)) is not None:
        return said
    lines = list(_whole([_ESCAPES.sub("", line) for line in text.splitlines()]))
    lines = [_MARKS.sub("", line) for line in _without_prefixes(lines)]
    said_lines = [_event(line) for line in lines]
    return "\n".join(_PROGRESS.sub("", line) for line in _whole(said_lines))


def _document(text: str) -> str | None:
    """What `pulumi preview --json` printed: one document with its diagnostics."""
    found = _json(text.strip())
    listed = found.get("diagnostics") if found else None
    if not isinstance(listed, list):
        return None
    return "\n\n".join(_said(each) for each in listed if isinstance(each, dict))


def _without_prefixes(lines: list[str]) -> list[str]:
    """Those that (nearly) every line has. GitLab marks with a + what goes on with the line before."""
    found = [_BEFORE.match(line) for line in lines]
    if not lines or sum(map(bool, found)) < _MOST * sum(bool(line.strip()) for line in lines) or not any(found):
        return lines
    cut: list[str] = []
    for line, before in zip(lines, found, strict=True):
        rest = line[before.end() :] if before else line
        if cut and before and before["goes_on"]:
            cut[-1] += rest
        else:
            cut.append(rest)
    return cut


def _event(line: str) -> str:
    """What one event says; a line that is none as it is. Messages are apart from each other."""
    found = _json(line) if line.lstrip().startswith("{") else None
    if found is None:
        return line
    events = {name: value for name, value in found.items() if name.endswith("Event") and isinstance(value, dict)}
    if events:
        spoken = "\n".join(_said(value) for value in events.values())
        return f"\n{_ESCAPES.sub('', spoken)}\n" if spoken.strip() else ""
    told = [found[name] for name in _SAYS if isinstance(found.get(name), str)]
    return "\n".join(told) if told else line


def _said(diagnostic: dict[str, Any]) -> str:
    message = diagnostic.get("message", diagnostic.get("error"))
    severity = diagnostic.get("severity", "error")
    return message if isinstance(message, str) and severity in _SPOKEN else ""


def _json(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _whole(lines: list[str]) -> Iterator[str]:
    """Lines that were cut at the width of a terminal, in a word or before it, put together again."""
    flat = [each for line in lines for each in line.split("\n")]
    width = max((len(line.expandtabs()) for line in flat), default=0)
    following = [*flat[1:], ""][: len(flat)]
    goes_on = [_is_cut(line, after, width) for line, after in zip(flat, following, strict=True)]
    if width not in _WIDTHS or sum(goes_on) < _FEWEST:
        yield from flat
        return
    whole = ""
    for line, more in zip(flat, goes_on, strict=True):
        whole += line
        if not more:
            yield whole
            whole = ""
    if whole:
        yield whole


def _is_cut(line: str, following: str, width: int) -> bool:
    """Whether it is as wide as can be: what comes next had no room."""
    used = len(line.expandtabs())
    word = following.partition(" ")[0]
    if _BEFORE.match(following):
        return False  # what goes on has nothing before it
    return used == width or (line.endswith(" ") and bool(word) and used + len(word) >= width)
