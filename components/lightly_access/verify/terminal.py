"""What `verify` found, for people: red datasets first, and of each what changed and since when."""

from collections.abc import Iterable, Iterator

from lightly_core.counted import counted
from lightly_core.hint import where

from lightly_access.audit.finding import Finding
from lightly_access.report.view import printable
from lightly_access.status.terminal import Line, age
from lightly_access.verify.lights import Change, VerifiedDataset, VerifiedLight, VerifiedStack


def lines(found: VerifiedStack) -> Iterator[Line]:
    """All of it."""
    yield f"{printable(found.project)} {printable(found.stack)}, asked at {found.at:%Y-%m-%d %H:%M:%S} UTC", "bold"
    for dataset in sorted(found.datasets, key=lambda dataset: dataset.ok):
        yield from _dataset(dataset, found)
    if not found.datasets:
        yield "no dataset is deployed here", "bold"


def changes(found: VerifiedStack) -> Iterator[Line]:
    """A line for each change, and for each dataset that could not be asked: what `--watch` adds to the first look."""
    at = f"{found.at:%Y-%m-%d %H:%M:%S} UTC"
    for dataset in found.datasets:
        if dataset.error:
            yield f"{at} {printable(dataset.name)}: not asked: {printable(dataset.error)}", "bold red"
        for said, style, *_ in _grouped(dataset.changes):
            yield f"{at} {printable(dataset.name)} {said}", style
        for finding in dataset.drift:
            if finding not in dataset.drift_before:
                yield f"{at} {printable(dataset.name)} {_drift(finding)}", "red"
        for finding in dataset.drift_before:
            if finding not in dataset.drift:
                yield f"{at} {printable(dataset.name)} no more: {_drift(finding)}", "green"


def _dataset(dataset: VerifiedDataset, found: VerifiedStack) -> Iterator[Line]:
    name = printable(dataset.name)
    if dataset.revoked:
        yield f"- {name}: revoked, Lightly has no access", "dim"
        return
    if dataset.error:
        yield f"?   {name}: could not be asked", "bold red"
        for line in dataset.error.splitlines():
            yield f"    {printable(line)}", "red"
        yield from _beside(dataset)
        return
    since = f"{dataset.since:%Y-%m-%d %H:%M} UTC ({age(dataset.since, found.at)})" if dataset.since else ""
    number = len(dataset.changes)
    if not since:
        said = "nobody knows when it was verified before"
    elif number or not dataset.drift:
        said = f"{counted(number, 'light')} changed since {since}" if number else f"nothing changed since {since}"
    else:
        said = f"no light changed since {since}"
    yield f"{'ok ' if dataset.ok else 'RED'} {name}: {said}", "green" if dataset.ok else "bold red"
    for words, style, fix, runbook in _grouped(light for light in dataset.lights if light.change is not Change.WELL):
        yield f"    {words}", style
        if fix:
            yield f"        fix {printable(fix)}", "cyan"
        if runbook:
            yield f"        runbook: {where(printable(runbook))}", "cyan"
    yield from _beside(dataset)
    for note in dataset.notes:
        for line in note.splitlines():
            yield f"    note: {printable(line)}", "dim"


def _beside(dataset: VerifiedDataset) -> Iterator[Line]:
    """What somebody changed in the cloud."""
    for finding in dataset.drift:
        yield f"    {_drift(finding)}", "red"
        yield f"        why {printable(finding.why)}", "dim"
        yield f"        fix {printable(finding.fix)}", "cyan"


def _drift(finding: Finding) -> str:
    return f"{finding.purpose} drift, {printable(finding.where)}: {printable(finding.what)} [{finding.rule}]"


def _grouped(lights: Iterable[VerifiedLight]) -> Iterator[tuple[str, str, str, str]]:
    """Words, style, fix and runbook entry of lights that say the same."""
    groups: dict[tuple[str, Change, str, str, str], list[str]] = {}
    for light in lights:
        cause = "" if light.now.ok else light.now.cause or "nobody could tell why"
        fix, runbook = light.now.fix or "", "" if light.now.ok else light.now.runbook or ""
        groups.setdefault((light.purpose, light.change, cause, fix, runbook), []).append(light.name)
    for (purpose, change, cause, fix, runbook), names in groups.items():
        words = f"{purpose} {', '.join(names)}: {change}{f': {printable(cause)}' if cause else ''}"
        style = "red" if cause else "dim" if change is Change.NOT_ASKED else "green"
        yield words, style, fix, runbook
