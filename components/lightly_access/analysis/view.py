"""Access analyses in words: what each cell says, and which datasources say the same. Terminal and Markdown show them.

Datasources that differ in nothing but their path are one group, so that a reviewer reads each kind of grant once. A
cell never speaks by colour alone, and all text from outside is made printable here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from lightly_core.capability import Capability
from lightly_core.counted import counted
from lightly_policies.case import Place

from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.analysis.tally import Cell, Row, Tally
from lightly_access.report.view import printable

HEADINGS = {Place.INSIDE: "inside", Place.BESIDE: "beside", Place.ELSEWHERE: "elsewhere"}
NO_STATEMENT = "no statement"
NOT_EVALUATED = "cannot be evaluated offline"
LEGEND = "inside: the path; beside: the rest of its store; elsewhere: other stores"
CAUTION = (
    "Evaluated offline: the documents that a deployment would render. "
    "Rights that somebody adds beside them are not seen."
)


HINT = "hint: a template in lightly_policies/documents or what renders it is at fault: report it, do not deploy"
"""A manifest that was accepted always renders to what its purposes need."""


class State(StrEnum):
    """How a cell stands."""

    OK = "ok"
    WIDE = "wide"
    """As expected, and beside the path nevertheless: this kind of store, or the manifest, has it no narrower."""
    RED = "red"
    ABSENT = "absent"


MARKS = {State.OK: "✓", State.WIDE: "!", State.RED: "✗", State.ABSENT: "-"}
PLAIN_MARKS = {State.OK: "ok", State.WIDE: "WIDE", State.RED: "RED", State.ABSENT: "-"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in words: `allowed`, `refused`, `partly`, or nothing where there is nothing to try."""

    state: State
    words: str = ""

    @classmethod
    def of(cls, cell: Cell, place: Place) -> "Shown":
        """What the cell of a place says."""
        if not cell.tried:
            return cls(State.ABSENT)
        if not cell.ok:
            return cls(State.RED, cell.decision)
        return cls(State.WIDE if cell.allowed and place is not Place.INSIDE else State.OK, cell.decision)


@dataclass(frozen=True, slots=True)
class Line:
    """One or more capabilities that are decided alike: a cell per place, and the statements that decide."""

    what: tuple[str, ...]
    cells: tuple[Shown, ...]
    decided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One datasource of a group; `dataset` has its stack before it where there are several."""

    dataset: str
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """Datasources with one table and the same sentences."""

    purpose: str
    access: str
    way: str
    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    sentences: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    unexpected: tuple[str, ...]
    evaluated: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """An access analysis, and the stack or manifest folder that it is of; shards are one stack, the fleet's."""

    analysis: Analysis
    stack: str


def groups(found: Iterable[Placed], *, with_stack: bool) -> list[Group]:
    """Equal analyses together; those that are not as expected come last, next to the summary."""
    together: dict[Group, list[Member]] = {}
    for placed in found:
        group = _group(placed.analysis)
        name = printable(f"{placed.stack}/{placed.analysis.dataset}" if with_stack else placed.analysis.dataset)
        together.setdefault(group, []).append(Member(name, printable(placed.analysis.path)))
    made = [replace(each, members=tuple(members)) for each, members in together.items()]
    return sorted(made, key=lambda group: bool(group.unexpected))


def several_stacks(found: Iterable[Placed]) -> bool:
    """Whether a dataset's name alone does not tell which one is meant."""
    return len({placed.stack for placed in found}) > 1


def summary(found: Sequence[Placed]) -> str:
    """One sentence about the whole."""
    bad = [placed.analysis for placed in found if not placed.analysis.ok]
    unevaluated = sum(placed.analysis.ok and not placed.analysis.evaluated for placed in found)
    good = [placed.analysis for placed in found if placed.analysis.ok and placed.analysis.evaluated]
    wide = sum(any(cell.state is State.WIDE for line in _lines(each.tally) for cell in line.cells) for each in good)
    text = f"{len(good)} of {counted(len(found), 'datasource')} as expected"
    if wide:
        text += f"; {wide} of them beyond the path, as the notes say"
    elif not bad:
        text += ", nothing wider or narrower"
    if unevaluated:
        text += f"; {unevaluated} {NOT_EVALUATED}"
    if bad:
        text += f"; NOT AS EXPECTED: {', '.join(printable(f'{each.dataset} {each.purpose}') for each in bad)}"
    return text


def _group(analysis: Analysis) -> Group:
    """What is shown of a datasource, without its name and path."""
    tally = analysis.tally
    excepted = (
        [case.subject for number, case in enumerate(analysis.cases) if number in tally.exceptions]
        if tally.exceptions
        else ()
    )
    return _shown(
        str(analysis.purpose),
        f"{analysis.kind} {analysis.access}",
        analysis.words,
        tally,
        analysis.unexpected,
        tuple(excepted),
    )


@lru_cache(maxsize=1024)
def _shown(
    purpose: str, access: str, words: Words, tally: Tally, unexpected: tuple[str, ...], excepted: tuple[str, ...]
) -> Group:
    """Of thousands of datasources nearly all come to one of a few; `excepted`: the subjects of a tally's exceptions."""
    lines = _lines(tally)
    return Group(
        purpose=purpose,
        access=printable(access),
        way=printable(words.way),
        members=(),
        lines=lines,
        sentences=tuple((label, printable(text)) for label, text in _sentences(words, tally, unexpected, excepted)),
        notes=tuple(map(printable, words.notes)),
        unexpected=tuple(printable(sentence) for sentence in unexpected),
        evaluated=tally.tried > 0,
    )


@lru_cache(maxsize=1024)
def _lines(tally: Tally) -> tuple[Line, ...]:
    """A line per capability, neighbours that are decided alike as one; none where there was nothing to decide."""
    merged: list[Line] = []
    for capability in Capability if tally.tried else ():
        line = _line(capability, tally.rows[capability])
        if merged and (merged[-1].cells, merged[-1].decided) == (line.cells, line.decided):
            line = Line((*merged.pop().what, *line.what), line.cells, line.decided)
        merged.append(line)
    return tuple(merged)


def _line(capability: Capability, row: Row) -> Line:
    return Line(
        (str(capability),), tuple(Shown.of(row.cells[place], place) for place in Place), _decided(row.statements)
    )


def _decided(statements: Sequence[str]) -> tuple[str, ...]:
    return tuple(printable(statement) for statement in statements) or (NO_STATEMENT,)


def _sentences(
    words: Words, tally: Tally, unexpected: Sequence[str], excepted: Sequence[str]
) -> Iterable[tuple[str, str]]:
    ways, others = tally.ways_in, tally.others
    intended = "NOT as intended, see below. Intended: " if unexpected else ""
    more = f". {ways.tried - ways.expected} other attempts to get in: {_refused(ways.ok)}" if ways.tried else ""
    trusted = ways.ok and not any("trust/" in sentence for sentence in unexpected)
    yield "who", f"{'' if trusted else intended}{words.who}{more}"
    yield "how long", words.long
    yield "if leaked", f"{intended}{words.leak}"
    if others.tried:
        exceptions = f" except, as expected: {', '.join(excepted)}" if excepted else ""
        yield "otherwise", f"{counted(others.tried, 'other action')} tried: {_refused(others.ok)}{exceptions}"


def _refused(ok: bool) -> str:
    return "all refused" if ok else "NOT AS EXPECTED"
