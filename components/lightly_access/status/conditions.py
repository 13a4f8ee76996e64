"""`--fail-on red,due,stale:24h,expiring:14d`: when a status is not well, in the user's words. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from lightly_access.deployed.stack import DeployedStack
from lightly_access.status.due import sources

CUT_OFF = "its last deployment did not come to its end"
_AGE = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ConditionError(ValueError):
    """A condition that is none: what was written, and what is one."""

    def __init__(self, got: str) -> None:
        super().__init__(
            f"got {got!r}, expected red, due, stale:<age> or expiring:<age>, with an age such as 30m, 24h or 14d\n"
            "hint: --fail-on red,stale:24h,expiring:14d"
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """One of them; `text` is what the user wrote."""

    text: str
    check: Callable[[DeployedStack, datetime], Iterator[str]]


def conditions(text: str) -> tuple[Condition, ...]:
    """Those of a comma-separated list. Raises ConditionError."""
    return tuple(_condition(part.strip()) for part in text.split(",") if part.strip())


def failing(wanted: tuple[Condition, ...], stack: DeployedStack, now: datetime) -> list[str]:
    """A sentence for each thing that makes the status not well."""
    return [said for condition in wanted for said in condition.check(stack, now)]


def _condition(text: str) -> Condition:
    name, _, age = text.partition(":")
    if name == "red" and not age:
        return Condition(text, lambda stack, _: _red(stack))
    if name == "due" and not age:
        return Condition(text, _due)
    found = _AGE.fullmatch(age)
    if name not in ("stale", "expiring") or not found:
        raise ConditionError(text)
    span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    check = _stale if name == "stale" else _expiring
    return Condition(text, lambda stack, now: check(stack, now, span, age))


def _red(stack: DeployedStack) -> Iterator[str]:
    for dataset in stack.datasets:
        if dataset.cut_off:
            yield f"{dataset.name}: {CUT_OFF}"
    for dataset, source in sources(stack):
        if source.red:
            yield f"{dataset.name} {source.purpose}: {', '.join(source.red)} red"
        elif not source.lights:
            yield f"{dataset.name} {source.purpose}: never verified"


def _due(stack: DeployedStack, now: datetime) -> Iterator[str]:
    """What a deployment of today replaces: from the day on that is said, and not only when it is late."""
    for dataset, source in sources(stack):
        if source.credential.due and source.credential.due <= now.date():
            yield f"{dataset.name} {source.purpose}: its {source.credential.kind} is due for replacement"


def _stale(stack: DeployedStack, now: datetime, span: timedelta, age: str) -> Iterator[str]:
    for dataset in stack.datasets:
        if dataset.revoked:
            continue
        if dataset.verified_at is None:
            yield f"{dataset.name}: it is not known when it was verified, expected within {age}"
        elif now - dataset.verified_at > span:
            yield f"{dataset.name}: last verified {dataset.verified_at:%Y-%m-%d %H:%M} UTC, expected within {age}"


def _expiring(stack: DeployedStack, now: datetime, span: timedelta, age: str) -> Iterator[str]:
    """What ends within the span, and what a deployment should have replaced already."""
    for dataset, source in sources(stack):
        held, who = source.credential, f"{dataset.name} {source.purpose}"
        if held.ends and held.ends - now <= span:
            yield f"{who}: its {held.kind} ends at {held.ends:%Y-%m-%d %H:%M} UTC, within {age}"
        elif held.due and datetime.combine(held.due, time(), UTC) + timedelta(days=1) <= now:
            yield f"{who}: its {held.kind} was due for replacement by {held.due}"
