"""An examination for people: a line each, and a `hint:` below what is not well."""

from collections.abc import Iterator

from lightly_core.counted import counted

from lightly_access.doctor.finding import Examination, Finding, State
from lightly_access.report.view import printable

Line = tuple[str, str]
"""Text and style."""
_MARKS = {State.OK: "ok  ", State.WARNING: "warn", State.BAD: "BAD ", State.UNKNOWN: "?   "}
_STYLES = {State.OK: "green", State.WARNING: "yellow", State.BAD: "bold red", State.UNKNOWN: "bold red"}


def lines(found: Examination) -> Iterator[Line]:
    """All of it, and last how many of it are not well."""
    for finding in found.findings:
        yield f"{_MARKS[finding.state]} {finding.name}: {_one_line(finding.said)}", _STYLES[finding.state]
        if finding.fix:
            yield f"     hint: {_one_line(finding.fix)}", "cyan"
    yield _last(found.findings, found.ok), "bold" if found.ok else "bold red"


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _last(findings: tuple[Finding, ...], ok: bool) -> str:
    ill = [each.name for each in findings if each.state in (State.BAD, State.UNKNOWN)]
    warned = sum(each.state is State.WARNING for each in findings)
    more = f", {counted(warned, 'warning')}" if warned else ""
    return f"well{more}" if ok else f"not well: {', '.join(ill)}{more}"
