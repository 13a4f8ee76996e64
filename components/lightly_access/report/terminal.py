"""The lights on a terminal: a table, and below it what is wrong and how to mend it.

Plain lines where there is no terminal. Marks are words where the encoding has no signs; colour only repeats what the
marks say.
"""

from collections.abc import Iterator, Mapping

from lightly_core.capability import Capability
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightly_access.report.lights import Report
from lightly_access.report.view import LEGEND, MARKS, PLAIN_MARKS, Cell, Problem, State, problems, rows, summary

_NAME = 14  # columns that a dataset's name gets before it is folded
_ACCESS = 15  # and the longest word of an access
_STYLES = {State.OK: "green", State.RED: "bold red", State.UNKNOWN: "bold yellow", State.ABSENT: "dim"}


def show(report: Report, console: Console) -> None:
    """Print the report: `table` on a terminal, `lines` elsewhere."""
    if console.is_terminal:
        console.print(table(report, signs=console.encoding.lower().startswith("utf")))
    else:
        for line in lines(report):
            console.out(line, highlight=False)


def table(report: Report, *, signs: bool = True) -> RenderableType:
    """A row per dataset and purpose, a column per capability; then the problems, and one sentence about the whole."""
    marks = MARKS if signs else PLAIN_MARKS
    drawn = Table(
        box=box.HORIZONTALS if signs else box.ASCII, show_lines=True, header_style="bold", padding=(0, 1, 0, 0)
    )
    drawn.caption, drawn.caption_justify = f"{LEGEND}\n", "left"
    shown = rows(report)
    longest = max((len(row.dataset) for row in shown), default=0)
    drawn.add_column("dataset", overflow="fold", min_width=min(max(longest, 8), _NAME))
    words = ("LIGHTLY", *(word for row in shown for word in row.access.split()))
    drawn.add_column("purpose", overflow="fold", min_width=min(max(map(len, words)), _ACCESS))
    for capability in Capability:
        drawn.add_column(capability.value, overflow="fold", min_width=max(len(capability), len("expected")))
    last = None
    for row in shown:
        name = Text(row.dataset if row.dataset != last else "", style="bold")
        if not row.verified and row.dataset != last:
            name.append("\nnot verified", style=_STYLES[State.RED])
        last = row.dataset
        purpose = Text(row.purpose.value).append(f"\n{row.access}", style="dim")
        drawn.add_row(name, purpose, *(_drawn(cell, marks) for cell in row.cells))
    told = [_told(problem, marks) for problem in problems(report)]
    return Group(drawn, *told, Text(summary(report), style="bold"))


def lines(report: Report) -> Iterator[str]:
    """The same as one line per dataset and purpose, and one per problem: fit for a log or for grep."""
    for row in rows(report):
        cells = "; ".join(
            f"{capability}: {_plain(cell)}" for capability, cell in zip(Capability, row.cells, strict=True)
        )
        yield f"{row.dataset} {row.purpose} ({row.access}, {row.path}) {cells}"
    for problem in problems(report):
        fix = f" fix: {problem.fix}" if problem.fix else ""
        fix += f" runbook: {problem.runbook}" if problem.runbook else ""
        yield (
            f"{PLAIN_MARKS[problem.state]} {problem.dataset} {problem.purpose} {problem.where}: {problem.said}."
            f" cause: {problem.cause}{fix}"
        )
    yield summary(report)


def _drawn(cell: Cell, marks: Mapping[State, str]) -> Text:
    text = Text(f"{marks[cell.state]} {cell.words}".rstrip(), style=_STYLES[cell.state])
    return text.append(f"\n{cell.evidence}", style="not bold dim default") if cell.evidence else text


def _plain(cell: Cell) -> str:
    evidence = f" [{cell.evidence}]" if cell.evidence else ""
    return f"{PLAIN_MARKS[cell.state]} {cell.words}".rstrip() + evidence


def _told(problem: Problem, marks: Mapping[State, str]) -> RenderableType:
    head = Text(f"{marks[problem.state]} {problem.dataset} {problem.purpose}: ", style=_STYLES[problem.state])
    body = Text.assemble("at    ", problem.where, "\n", ("cause ", "bold"), problem.cause)
    if problem.fix:
        body.append_text(Text.assemble("\n", ("fix   ", "bold"), problem.fix))
    if problem.runbook:
        body.append_text(Text.assemble("\n", ("more  ", "bold"), problem.runbook))
    return Group(head.append(problem.said), Padding(body, (0, 0, 1, 2)))
