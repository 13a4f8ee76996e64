"""A report on a terminal, or in a log: plain lines with a style each."""

from collections.abc import Iterator

from lightly_core.capability import Capability
from lightly_core.hint import where

from lightly_access.analysis.view import NOT_EVALUATED
from lightly_access.stack_report.report import StackReport
from lightly_access.stack_report.view import NOT_OPENED, Red, View, When, view
from lightly_access.status.terminal import Line

_STYLES = {When.OVER: "bold red", When.SOON: "bold yellow", When.LATER: ""}


def lines(report: StackReport) -> Iterator[Line]:
    """All of it; what the analysis says in full, `--html` and `--markdown` have."""
    shown = view(report)
    yield f"{shown.project} {shown.stack}: {shown.summary}", "bold green" if shown.ok else "bold red"
    yield f"made {shown.made}; deployed {shown.deployed}", ""
    yield shown.following, _STYLES[shown.following_when] or "bold"
    for each in shown.red:
        yield "", ""
        yield from _red(each)
    yield from _lights(shown)
    yield from _heading("credentials, the most urgent first")
    for held in shown.credentials:
        days = (("made", held.made, "not known"), ("replaced by", held.due, "never"), ("ends", held.ends, "never"))
        dates = ", ".join([held.kind, *(f"{word} {day}" for word, day, nothing in days if day != nothing)])
        yield f"  {held.dataset} {held.purpose}: {dates}: {held.state}", _STYLES[held.when]
    yield from _heading(f"what Lightly may do: {shown.analyses_summary}")
    for group in shown.groups:
        members = ", ".join(member.dataset for member in group.members)
        yield f"  {members} {group.purpose}: {group.way}", ""
        for line in group.lines:
            inside, *beyond = line.cells
            more = "".join(
                f"; {place}: {cell.words}"
                for place, cell in zip(("beside", "elsewhere"), beyond, strict=True)
                if cell.words
            )
            yield f"    {', '.join(line.what)}: {inside.words or 'nothing to try'}{more}", "dim"
        if not group.evaluated:
            yield f"    {NOT_EVALUATED}", "dim"
        for sentence in group.unexpected:
            yield f"    RED {sentence}", "red"
    yield from _guardrails(shown)
    yield f"({NOT_OPENED})", "dim"


def _heading(text: str) -> Iterator[Line]:
    yield "", ""
    yield text, "bold"


def _red(each: Red) -> Iterator[Line]:
    yield f"RED {each.dataset} {each.purpose}: {each.where}", "bold red"
    for lights, cause in each.causes:
        yield f"    {lights}: {cause}", "red"
    for said in each.said:
        yield f"    {said}", "dim"
    if each.fix:
        yield f"    fix: {each.fix}", "cyan"
    if each.runbook:
        yield f"    runbook: {where(each.runbook)}", "cyan"


def _lights(shown: View) -> Iterator[Line]:
    yield from _heading("lights")
    for dataset, verified in shown.verified.items():
        if dataset in shown.revoked:
            yield f"  {dataset}: revoked, Lightly has no access", "dim"
            continue
        yield f"  {dataset}: {verified}", ""
        for row in (row for row in shown.rows if row.dataset == dataset):
            cells = zip(Capability, row.cells, strict=True)
            told = "; ".join(f"{capability} {cell.words}" for capability, cell in cells if cell.words)
            yield f"    {row.purpose:7} {row.access}, {row.path}: {told or 'never verified'}", ""


def _guardrails(shown: View) -> Iterator[Line]:
    yield from _heading(f"guardrails: {shown.guardrails_summary}")
    for each in shown.broken:
        yield f"  {each.rule.name} ({each.rule.level}, {each.rule.severity}) {each.resource}: {each.what}", "yellow"
        if each.fix:
            yield f"    fix: {each.fix}", "cyan"
    for exempt in shown.exemptions:
        said = f"  exempt from {exempt.rule}: {exempt.resource}, {exempt.reason}; until {exempt.until}: {exempt.state}"
        yield said, _STYLES[exempt.when]
    for note in filter(None, (shown.exemptions_note, shown.closed)):
        yield f"  {note}", "dim"
