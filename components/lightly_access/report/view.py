"""A report in words: what each cell says, and what is wrong and how to mend it. Terminal and HTML show the same words.

A cell never speaks by colour alone: it begins with a mark and names the actual value, and the expected one when they
differ. Text from outside (names, causes) is made printable here, so that nothing can move a cursor or break a row.
"""

from dataclasses import dataclass
from enum import StrEnum

from lightly_core.capability import Capability, Light, Purpose
from lightly_core.counted import counted
from lightly_core.hint import where as runbook_line

from lightly_access.report.lights import DatasourceLights, Report


class State(StrEnum):
    """How a light stands."""

    OK = "ok"
    RED = "red"
    UNKNOWN = "unknown"
    ABSENT = "absent"


MARKS = {State.OK: "✓", State.RED: "✗", State.UNKNOWN: "?", State.ABSENT: "-"}
LEGEND = "each cell: what it is, what was expected where that differs, and how we know"
PLAIN_MARKS = {State.OK: "ok", State.RED: "RED", State.UNKNOWN: "?", State.ABSENT: "-"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One light: `words` without the mark, `evidence` as a list in words."""

    state: State
    words: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One datasource: a cell per capability, in their order."""

    dataset: str
    verified: bool
    purpose: Purpose
    access: str
    path: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Lights of one datasource that are red for one reason."""

    dataset: str
    purpose: Purpose
    where: str
    said: str
    cause: str
    fix: str | None
    state: State
    runbook: str | None = None


def printable(text: str) -> str:
    """Each character that is not printable, line ends included, becomes a blank."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def rows(report: Report) -> list[Row]:
    """One row per dataset and purpose."""
    return [
        Row(
            printable(name),
            dataset.verified,
            purpose,
            printable(f"{source.kind} {source.access}"),
            printable(source.path),
            tuple(_cell(source.lights.get(capability)) for capability in Capability),
        )
        for name, dataset in report.datasets.items()
        for purpose, source in dataset.datasources.items()
    ]


def problems(report: Report) -> list[Problem]:
    """What is not as expected, lights with the same cause and fix together."""
    return [
        problem
        for name, dataset in report.datasets.items()
        for purpose, source in dataset.datasources.items()
        for problem in _problems(printable(name), purpose, source)
    ]


def summary(report: Report) -> str:
    """One sentence about the whole."""
    lights = [
        light
        for dataset in report.datasets.values()
        for source in dataset.datasources.values()
        for light in source.lights.values()
    ]
    good = sum(light.ok for light in lights)
    unverified = [printable(name) for name, dataset in report.datasets.items() if not dataset.verified]
    text = f"{good} of {counted(len(lights), 'light')} {'is' if len(lights) == 1 else 'are'} as expected"
    return text + (f"; not verified: {', '.join(unverified)}" if unverified else "")


def _cell(light: Light | None) -> Cell:
    if light is None:
        return Cell(State.ABSENT)
    return Cell(_state(light), _words(light), ", ".join(light.evidence))


def _state(light: Light) -> State:
    if light.ok:
        return State.OK
    return State.UNKNOWN if light.actual is None else State.RED


def _words(light: Light) -> str:
    if light.ok:
        return _yes(light.expected)
    actual = "unknown" if light.actual is None else _yes(light.actual)
    return f"{actual}, expected {_yes(light.expected)}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _problems(name: str, purpose: Purpose, source: DatasourceLights) -> list[Problem]:
    groups: dict[tuple[State, str | None, str | None, str | None], list[str]] = {}
    for capability in Capability:
        light = source.lights.get(capability)
        if light and not light.ok:
            words = f"{capability} {_words(light)}"
            evidence = f" (from {', '.join(light.evidence)})" if light.evidence else ""
            groups.setdefault((_state(light), light.cause, light.fix, light.runbook), []).append(words + evidence)
    where = printable(f"{source.path} ({source.kind}, {source.access})")
    return [
        Problem(
            name,
            purpose,
            where,
            "; ".join(said),
            printable(cause or "not known"),
            fix and printable(fix),
            state,
            runbook and printable(runbook_line(runbook)),
        )
        for (state, cause, fix, runbook), said in groups.items()
    ]
