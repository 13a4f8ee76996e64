"""Access analyses on a terminal: per kind of grant a table and a few sentences. Plain lines without a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightly_access.analysis import view
from lightly_access.analysis.view import HEADINGS, MARKS, PLAIN_MARKS, Line, Placed, Shown, State

_STYLES = {State.OK: "green", State.WIDE: "yellow", State.RED: "bold red", State.ABSENT: "dim"}
_FIRST, _LAST = 3, 2
"""How many of a group's unexpected sentences are shown."""


def show(found: Sequence[Placed], console: Console) -> None:
    """Print them: `drawn` on a terminal, `lines` elsewhere."""
    if console.is_terminal:
        console.print(drawn(found, signs=console.encoding.lower().startswith("utf")))
    else:
        for line in lines(found):
            console.out(line, highlight=False)


def drawn(found: Sequence[Placed], *, signs: bool = True) -> RenderableType:
    """Each group with its paths, table and sentences; then the notes, each once, and one sentence about the whole."""
    marks = MARKS if signs else PLAIN_MARKS
    bad = any(not placed.analysis.ok for placed in found)
    groups = view.groups(found, with_stack=view.several_stacks(found))
    numbers = {note: str(at) for at, note in enumerate(dict.fromkeys(one for each in groups for one in each.notes), 1)}
    parts: list[RenderableType] = [part for group in groups for part in _drawn_group(group, marks, numbers)]
    if numbers:
        parts += [_pairs(((f"note {number}", note) for note, number in numbers.items()), "cyan"), Text()]
    parts.append(Text(view.summary(found), style="bold red" if bad else "bold"))
    if bad:
        parts.append(Text(view.HINT, style="cyan"))
    parts.append(Text(f"{view.LEGEND}\n{view.CAUTION}", style="dim"))
    return Group(*parts)


def _drawn_group(group: view.Group, marks: Mapping[State, str], numbers: Mapping[str, str]) -> Iterator[RenderableType]:
    yield Text.assemble((group.purpose, "bold"), f"  {group.access}: {group.way}")
    yield Padding(
        _pairs(((member.dataset, member.path) for member in group.members), "bold"), (0, 0, 0, 2), expand=False
    )
    if group.lines:
        yield Padding(_table(group, marks), (0, 0, 0, 2), expand=False)
    noted = sorted((numbers[note] for note in group.notes), key=int)
    notes = [("notes", ", ".join(noted))] if noted else []
    sentences = [*group.sentences, *notes]
    if not group.evaluated:
        yield Text(f"  ? {view.NOT_EVALUATED}", style="bold yellow")
    yield Padding(_pairs(sentences, "cyan"), (0, 0, 0, 2), expand=False)
    for sentence in _cut(group.unexpected):
        yield Padding(Text(f"{marks[State.RED]} {sentence}", style="bold red"), (0, 0, 0, 2), expand=False)
    yield Text()


def _cut(unexpected: Sequence[str]) -> Sequence[str]:
    """The first, which are cases, and the last, which are about statements: enough to see what is wrong."""
    if len(unexpected) <= _FIRST + _LAST + 1:
        return unexpected
    more = f"... {len(unexpected) - _FIRST - _LAST} more; --json has them all"
    return (*unexpected[:_FIRST], more, *unexpected[-_LAST:])


def _pairs(pairs: Iterable[tuple[str, str]], style: str) -> Table:
    """Names and what belongs to them, side by side."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=style, no_wrap=True)
    grid.add_column(overflow="fold")
    last = None
    for name, text in pairs:
        grid.add_row(Text(name if name != last else ""), Text(text))
        last = name
    return grid


def _table(group: view.Group, marks: Mapping[State, str]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("", min_width=len("write, overwrite,"))
    for heading in HEADINGS.values():
        table.add_column(heading, no_wrap=True)
    table.add_column("decided by", overflow="fold", no_wrap=True)
    for line in group.lines:
        cells = [Text(f"{marks[cell.state]} {cell.words}".rstrip(), style=_STYLES[cell.state]) for cell in line.cells]
        table.add_row(Text(", ".join(line.what)), *cells, Text("\n".join(map(_short, line.decided))))
    return table


def _short(statement: str) -> str:
    """A statement's own name; which document it is of, the plain lines and --json tell."""
    return statement.rpartition("/")[2]


def lines(found: Sequence[Placed]) -> Iterator[str]:
    """The same as a line per datasource and capability: fit for a log or for grep."""
    several = view.several_stacks(found)
    for placed in found:
        (group,) = view.groups([placed], with_stack=several)
        (member,) = group.members
        name = f"{member.dataset} {group.purpose}"
        yield f"{name}: {group.access}, {group.way}, {member.path}"
        yield from (f"{name} {_plain(line)}" for line in group.lines)
        if not group.evaluated:
            yield f"{name} ? {view.NOT_EVALUATED}"
        yield from (f"{name} {label}: {text}" for label, text in group.sentences)
        yield from (f"{name} note: {note}" for note in group.notes)
        yield from (f"{name} {PLAIN_MARKS[State.RED]} {sentence}" for sentence in group.unexpected)
    yield view.summary(found)
    if any(not placed.analysis.ok for placed in found):
        yield view.HINT
    yield view.LEGEND
    yield view.CAUTION


def _plain(line: Line) -> str:
    cells = "; ".join(f"{heading}: {_cell(cell)}" for heading, cell in zip(HEADINGS.values(), line.cells, strict=True))
    return f"{', '.join(line.what)}: {cells} [{', '.join(line.decided)}]"


def _cell(cell: Shown) -> str:
    return f"{PLAIN_MARKS[cell.state]} {cell.words}".rstrip()
