"""A report as GitHub-flavoured Markdown, for an issue, a pull request or a wiki: nothing of outside is markup in it."""

from collections.abc import Iterator, Sequence

from lightly_core.capability import Capability
from lightly_core.hint import where

from lightly_access.analysis import markdown as analyses
from lightly_access.analysis.markdown import code, prose
from lightly_access.analysis.view import LEGEND as PLACES
from lightly_access.report.view import LEGEND, MARKS, Cell, State
from lightly_access.stack_report.report import StackReport
from lightly_access.stack_report.view import EVALUATED, NOT_OPENED, Exempt, Held, Red, View, When, view

_WHEN = {When.OVER: "❌ ", When.SOON: "⚠️ ", When.LATER: ""}


def markdown(report: StackReport) -> str:
    """The whole page."""
    return "\n\n".join(part for part in _parts(view(report)) if part) + "\n"


def _parts(shown: View) -> Iterator[str]:
    yield f"# Lightly access: {prose(shown.project)} {prose(shown.stack)}"
    verdict = f"**{'✅' if shown.ok else '❌'} {prose(shown.summary)}.**"
    yield f"{verdict} {_WHEN[shown.following_when]}{prose(shown.following)}."
    yield f"Made {shown.made}; deployed {shown.deployed}."
    if shown.red:
        yield "## Red"
        yield from map(_red, shown.red)
    yield "## Lights"
    yield from _lights(shown)
    yield "## Credentials"
    rows = [
        (
            code(each.dataset),
            each.purpose,
            prose(each.kind),
            each.made,
            each.due,
            each.ends,
            _state(each),
        )
        for each in shown.credentials
    ]
    yield (
        _table(("dataset", "purpose", "credential", "made", "due", "ends", "state"), rows) if rows else "There is none."
    )
    yield "## What Lightly may do"
    yield f"{prose(shown.analyses_summary)}."
    yield from map(analyses.section, shown.groups)
    yield "## Guardrails"
    yield from _guardrails(shown)
    yield f"<sub>{'. '.join(map(prose, (PLACES, EVALUATED, NOT_OPENED)))}.</sub>"


def _red(each: Red) -> str:
    lines = [f"### {MARKS[State.RED]} {prose(each.dataset)} {each.purpose}", f"at {code(each.where)}", ""]
    lines += [f"- **{lights}:** {prose(cause)}" for lights, cause in each.causes]
    if each.fix:
        lines.append(f"- **fix:** {prose(each.fix)}")
    if each.runbook:
        lines.append(f"- **runbook:** {code(where(each.runbook))}")
    lines += [f"- said: {code(said)}" for said in each.said]
    return "\n".join(lines)


def _lights(shown: View) -> Iterator[str]:
    rows = [
        (code(row.dataset), row.purpose, f"{prose(row.access)}, {code(row.path)}", *map(_cell, row.cells))
        for row in shown.rows
    ]
    if rows:
        yield _table(("dataset", "purpose", "where", *Capability), rows)
        yield f"<sub>{prose(LEGEND)}</sub>"
    if shown.revoked:
        yield f"Revoked, so that Lightly has no access: {', '.join(map(code, shown.revoked))}."


def _cell(cell: Cell) -> str:
    words = f"{MARKS[cell.state]} {cell.words}".rstrip()
    return f"**{words}**" if cell.state in (State.RED, State.UNKNOWN) else words


def _credentials(shown: View) -> str:
    rows = [
        (
            code(each.dataset),
            each.purpose,
            prose(each.kind),
            each.made,
            each.due,
            each.ends,
            f"{_WHEN[each.when]}{each.state}",
        )
        for each in shown.credentials
    ]
    heads = ("dataset", "purpose", "credential", "made", "replaced by", "ends", "state")
    return _table(heads, rows) if rows else "There is none."


def _state(each: Held | Exempt) -> str:
    return f"{_WHEN[each.when]}{each.state}"


def _guardrails(shown: View) -> Iterator[str]:
    yield f"{prose(shown.guardrails_summary)}."
    if shown.broken:
        rows = [
            (
                code(each.rule.name),
                each.rule.level,
                each.rule.severity,
                code(each.resource),
                prose(each.what),
                prose(each.fix),
            )
            for each in shown.broken
        ]
        yield _table(("rule", "level", "severity", "resource", "what is wrong", "fix"), rows)
    if shown.exemptions:
        listed = [
            (code(each.rule), code(each.resource), prose(each.reason), each.until, _state(each))
            for each in shown.exemptions
        ]
        yield _table(("exempt from", "resource", "reason", "until", "state"), listed)
    if shown.exemptions_note:
        yield f"{prose(shown.exemptions_note)}."
    if shown.closed:
        yield f"{prose(shown.closed)}."


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([_row(heads), _row(["---"] * len(heads)), *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"
