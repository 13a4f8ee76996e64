"""A report in words, for every form of it: red first, what ends first, what is decided alike together. Pure.

All text from outside is made printable here, so that nothing can move a cursor or break a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from lightly_core.capability import Purpose
from lightly_core.counted import counted

from lightly_access.analysis import view as analyses
from lightly_access.deployed.stack import DeployedDataset, DeployedDatasource
from lightly_access.kinds.general_causes import NEVER_VERIFIED
from lightly_access.kinds.said import parted
from lightly_access.report import DatasetLights, DatasourceLights, Report
from lightly_access.report.view import Row, printable, rows
from lightly_access.stack_report.guarded import Broken, Standing
from lightly_access.stack_report.report import StackReport
from lightly_access.status.conditions import CUT_OFF
from lightly_access.status.due import sources
from lightly_access.status.terminal import age

SOON = timedelta(days=14)
"""Whatever ends or is due within this time is marked."""
NOT_OPENED = "read from the deployment's state alone: no secret in it was opened, and nobody was asked"
EVALUATED = (
    "what Lightly may do is evaluated from the documents in the state, which `pulumi refresh` brings up to date; "
    "rights that somebody adds beside them are not seen"
)


class When(StrEnum):
    """How urgent a date is."""

    OVER = "over"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Red:
    """Lights of one datasource that one fix mends.

    Attributes:
        causes: the lights, and why they are red.
        said: the words of the services, each once.
        runbook: the name of the runbook's entry; empty where the deployment is of an older version.
    """

    dataset: str
    purpose: Purpose
    where: str
    causes: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    fix: str
    runbook: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """One credential; `when` is how urgent `due` and `ends` are, `state` says it in words."""

    dataset: str
    purpose: Purpose
    kind: str
    made: str
    due: str
    ends: str
    when: When
    state: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """One exemption, until when, and what there is to know of it."""

    rule: str
    resource: str
    reason: str
    until: str
    when: When
    state: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is shown."""

    project: str
    stack: str
    ok: bool
    summary: str
    made: str
    deployed: str
    following: str
    following_when: When
    red: tuple[Red, ...]
    rows: tuple[Row, ...]
    verified: dict[str, str]
    revoked: tuple[str, ...]
    credentials: tuple[Held, ...]
    analyses_summary: str
    groups: tuple[analyses.Group, ...]
    guardrails_summary: str
    broken: tuple[Broken, ...]
    closed: str
    exemptions: tuple[Exempt, ...]
    exemptions_note: str


def view(report: StackReport) -> View:
    """The words of a report."""
    stack, at = report.stack, report.at
    placed = [analyses.Placed(analysis, stack.stack) for analysis in report.analyses]
    groups = sorted(analyses.groups(placed, with_stack=False), key=lambda group: not group.unexpected)
    following = report.following
    return View(
        project=printable(stack.project) or "a project without a name",
        stack=printable(stack.stack) or "a stack without a name",
        ok=report.ok,
        summary=_summary(report),
        made=_minute(at),
        deployed=f"{_minute(stack.deployed_at)}, {age(stack.deployed_at, at)}" if stack.deployed_at else "not known",
        following=printable(following.sentence(at)),
        following_when=_urgent(following.due, following.ends, at),
        red=tuple(
            each for dataset in stack.datasets for source in dataset.datasources for each in _red(dataset, source)
        ),
        rows=tuple(rows(_lights(report))),
        verified={printable(each.name): _verified(each, at) for each in stack.datasets},
        revoked=tuple(printable(each.name) for each in stack.datasets if each.revoked),
        credentials=tuple(sorted(_credentials(report), key=_urgency)),
        analyses_summary=analyses.summary(placed),
        groups=tuple(groups),
        guardrails_summary=_guardrails(report),
        broken=tuple(_shown(each) for each in report.guarded.broken if not each.exempt),
        closed=_closed(report),
        exemptions=tuple(_exempt(each, at) for each in report.guarded.exemptions or ()),
        exemptions_note=_exemptions_note(report),
    )


def _summary(report: StackReport) -> str:
    datasets = report.stack.datasets
    if not datasets:
        return "no dataset is deployed here"
    red = sum(not dataset.ok for dataset in datasets)
    said = [f"{red} of {counted(len(datasets), 'dataset')} not as expected"] if red else []
    if report.locked_out:
        said.append("a credential has ended")
    if wider := [analysis for analysis in report.analyses if not analysis.ok]:
        said.append(f"{counted(len(wider), 'datasource')} granted more or less than needed")
    return "; ".join(said) or f"all {counted(len(datasets), 'dataset')} as expected".replace(
        "all 1 dataset", "1 dataset"
    )


def _lights(report: StackReport) -> Report:
    """The lights in the form of a rehearsal's, red datasets first."""
    return Report(
        {
            dataset.name: DatasetLights(
                dataset.id,
                dataset.ok,
                {
                    source.purpose: DatasourceLights(source.kind, source.access, source.path, source.lights)
                    for source in dataset.datasources
                },
            )
            for dataset in sorted(report.stack.datasets, key=lambda dataset: dataset.ok)
        }
    )


def _red(dataset: DeployedDataset, source: DeployedDatasource) -> Iterator[Red]:
    """What is red of one datasource, a fix at a time."""
    who, where = printable(dataset.name), printable(f"{source.path} ({source.kind}, {source.access})")
    if not source.lights:
        never = NEVER_VERIFIED
        yield Red(who, source.purpose, where, (("all", never.text),), (), never.fix, never.name)
    fixes: dict[tuple[str, str], dict[str, list[str]]] = {}
    said: dict[tuple[str, str], dict[str, None]] = {}
    for capability, light in source.red.items():
        cause, spoken = parted(light.cause or "nobody could tell why")
        key = (light.fix or "", light.runbook or "")
        fixes.setdefault(key, {}).setdefault(printable(cause), []).append(capability)
        if spoken:
            said.setdefault(key, {})[printable(spoken)] = None
    for key, causes in fixes.items():
        told = tuple((", ".join(lights), cause) for cause, lights in causes.items())
        yield Red(who, source.purpose, where, told, tuple(said.get(key, ())), printable(key[0]), printable(key[1]))


def _verified(dataset: DeployedDataset, now: datetime) -> str:
    if dataset.cut_off:
        return CUT_OFF
    at = dataset.verified_at
    return f"verified {age(at, now)}" if at else "it is not known when it was verified"


def _credentials(report: StackReport) -> Iterator[Held]:
    for dataset, source in sources(report.stack):
        held = source.credential
        yield Held(
            printable(dataset.name),
            source.purpose,
            printable(held.kind) or "not known",
            held.created.astimezone(UTC).date().isoformat() if held.created else "not known",
            held.due.isoformat() if held.due else "never",
            _minute(held.ends) if held.ends else "never",
            _urgent(held.due, held.ends, report.at),
            _of_credential(source, report.at),
        )


def _of_credential(source: DeployedDatasource, now: datetime) -> str:
    held = source.credential
    if held.ends and held.ends <= now:
        return "ended: Lightly is locked out"
    if held.ends and not held.due and held.ends - now <= SOON:
        return f"ends in {_left(held.ends, now)}: ask its owner for another"
    if held.due and _end_of(held.due) <= now:
        return "a deployment is late"
    if held.due and _end_of(held.due) - now <= SOON:
        return f"deploy within {_left(_end_of(held.due), now)}"
    return "well" if held.due or held.ends else "nothing is due"


def _urgency(held: Held) -> tuple[int, str, str, str]:
    first = min((day for day in (held.due, held.ends) if day != "never"), default="~")
    return list(When).index(held.when), first, held.dataset, held.purpose


def _guardrails(report: StackReport) -> str:
    found = report.guarded
    broken = {each.rule.name for each in found.broken if not each.exempt}
    exempt = {each.rule.name for each in found.broken if each.exempt} - broken
    parts = [f"{counted(len(found.kept), 'rule')} kept"]
    if broken:
        parts.append(f"{len(broken)} NOT KEPT")
    if exempt:
        parts.append(f"{len(exempt)} not kept and exempt")
    if found.closed:
        parts.append(f"{len(found.closed)} could not see everything")
    return "; ".join(parts)


def _closed(report: StackReport) -> str:
    names = ", ".join(rule.name for rule in report.guarded.closed)
    return names and f"encrypted in the state, so checked only while deploying with the policy pack: {names}"


def _shown(broken: Broken) -> Broken:
    return Broken(broken.rule, printable(broken.resource), printable(broken.what), printable(broken.fix), broken.exempt)


def _exempt(standing: Standing, now: datetime) -> Exempt:
    exemption = standing.exemption
    if standing.expired:
        when, state = When.OVER, "expired"
    elif _when(_end_of(exemption.until), now) is When.SOON:
        when, state = When.SOON, f"ends in {_left(_end_of(exemption.until), now)}"
    else:
        when, state = When.LATER, "stands" if standing.used else "stands, and covers nothing that is deployed"
    resource = printable(exemption.resource) or "every resource"
    return Exempt(exemption.rule, resource, printable(exemption.reason), exemption.until.isoformat(), when, state)


def _exemptions_note(report: StackReport) -> str:
    found = report.guarded
    if found.exemptions is None:
        return (
            "exemptions are in the stack's configuration, which could not be read here: what is exempt is shown as not "
            "kept; `--config Pulumi.<stack>.yaml` tells"
        )
    return "; ".join(map(printable, found.faults)) or ("" if found.exemptions else "nothing is exempt")


def _urgent(due: date | None, ends: datetime | None, now: datetime) -> When:
    moments = [*([_end_of(due)] if due else []), *([ends] if ends else [])]
    return min((_when(moment, now) for moment in moments), key=list(When).index, default=When.LATER)


def _when(moment: datetime, now: datetime) -> When:
    return When.OVER if moment <= now else When.SOON if moment - now <= SOON else When.LATER


def _end_of(day: date) -> datetime:
    """A day is over when the next one begins."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def _left(moment: datetime, now: datetime) -> str:
    left = moment - now
    return counted(left.days, "day") if left.days else counted(left // timedelta(hours=1), "hour")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
