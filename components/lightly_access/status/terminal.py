"""A status for people: a block a dataset, red ones first, and last the line that matters."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lightly_core.capability import Evidence
from lightly_core.counted import counted
from lightly_core.hint import where

from lightly_access.deployed.stack import Credential, DeployedDataset, DeployedDatasource, DeployedStack
from lightly_access.report.view import printable
from lightly_access.status.conditions import CUT_OFF
from lightly_access.status.due import deadlines

Line = tuple[str, str]
"""Text and style."""


def lines(stack: DeployedStack, failing: Sequence[str], now: datetime) -> Iterator[Line]:
    """All of it, without marks that need a terminal."""
    when = f", last deployed {age(stack.deployed_at, now)}" if stack.deployed_at else ""
    yield f"{printable(stack.project)} {printable(stack.stack)}{when}", "bold"
    for dataset in sorted(stack.datasets, key=lambda dataset: dataset.ok):
        yield from _dataset(dataset, now)
    if not stack.datasets:
        yield "no dataset is deployed here", "bold"
        return
    for said in failing:
        yield f"not well: {printable(said)}", "bold red"
    late = bool((following := deadlines(stack)).due and following.due < now.date())
    yield printable(following.sentence(now)), "bold red" if late else "bold"


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that says enough: `3 hours ago`."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{counted(passed // timedelta(minutes=1), 'minute')} ago"
    if passed < timedelta(days=2):
        return f"{counted(passed // timedelta(hours=1), 'hour')} ago"
    return f"{counted(passed.days, 'day')} ago"


def _dataset(dataset: DeployedDataset, now: datetime) -> Iterator[Line]:
    name = printable(dataset.name)
    if dataset.revoked:
        yield f"- {name}: revoked, Lightly has no access", "dim"
        return
    if dataset.cut_off:
        yield f"RED {name}: {CUT_OFF}", "bold red"
        return
    at = dataset.verified_at
    when = f"verified {age(at, now)}" if at else "it is not known when it was verified"
    yield f"{'ok ' if dataset.ok else 'RED'} {name}: {when}", "green" if dataset.ok else "bold red"
    for source in dataset.datasources:
        yield from _datasource(source)


def _datasource(source: DeployedDatasource) -> Iterator[Line]:
    can = [capability for capability, light in source.lights.items() if light.actual]
    seen = {evidence for light in source.lights.values() for evidence in light.evidence}
    rests = [evidence for evidence in Evidence if evidence in seen]
    said = f"{', '.join(can) or 'nothing'} (from {', '.join(rests) or 'nobody'})" if source.lights else "never verified"
    yield f"    {source.purpose:7} {printable(source.path)}: {said}", ""
    yield f"            {printable(_held(source.credential))}", "dim"
    causes: dict[tuple[str, str, str], list[str]] = {}
    for capability, light in source.red.items():
        key = (light.cause or "nobody could tell why", light.fix or "", light.runbook or "")
        causes.setdefault(key, []).append(capability)
    for (cause, fix, runbook), red in causes.items():
        yield f"        RED {', '.join(red)}: {printable(cause)}", "red"
        if fix:
            yield f"        fix {printable(fix)}", "cyan"
        if runbook:
            yield f"        runbook: {where(printable(runbook))}", "cyan"


def _held(credential: Credential) -> str:
    """What it is and what becomes of it: `SAS token of 2026-09-28, replaced by 2026-12-27, ends 2027-01-11`."""
    made = f" of {credential.created:%Y-%m-%d}" if credential.created else ""
    due = f", due {credential.due}" if credential.due else ""
    ends = f", ends {credential.ends:%Y-%m-%d}" if credential.ends else ""
    return f"{credential.kind or 'unknown credential'}{made}{due or ', never replaced'}{ends}"
