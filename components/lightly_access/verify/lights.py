"""Lights before and lights now -> what changed. Pure.

A key that nobody could use this time says nothing: a light that rested on a probe, and that Lightly and the proof do
not speak against, stays as it was and is not taken as asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lightly_core.capability import Capability, Evidence, Light, Purpose

from lightly_access.audit.finding import Finding
from lightly_access.deployed.stack import DeployedDataset
from lightly_access.drift.drift import REFUSED

OUTSIDE = "outside the path"
"""The light that stands for what a key can do beside its path; it is there only where it is red or was."""

Lights = Mapping[tuple[Purpose, str], Light]
"""Of one dataset, by purpose and capability (or OUTSIDE)."""


class Change(StrEnum):
    """What became of a light."""

    WELL = "as expected"
    MENDED = "as expected again"
    STILL_RED = "still red"
    WENT_RED = "went red"
    FIRST_RED = "red"
    """Nobody had ever verified it."""
    NOT_ASKED = "not asked"
    NOT_ASKED_RED = "not asked, red before"


@dataclass(frozen=True, slots=True)
class VerifiedLight:
    """One light, before and now; `asked` is false when `now` is only what it was before."""

    purpose: Purpose
    name: str
    before: Light | None
    now: Light
    asked: bool = True

    @property
    def change(self) -> Change:
        """In a word."""
        if not self.asked:
            return Change.NOT_ASKED if self.now.ok else Change.NOT_ASKED_RED
        if self.now.ok:
            return Change.WELL if self.before is None or self.before.ok else Change.MENDED
        if self.before is None:
            return Change.FIRST_RED
        return Change.WENT_RED if self.before.ok else Change.STILL_RED

    @property
    def changed(self) -> bool:
        """Whether it is not what it was."""
        return self.change in (Change.MENDED, Change.WENT_RED, Change.FIRST_RED)


@dataclass(frozen=True, slots=True)
class VerifiedDataset:
    """One dataset now; `since` is when `before` was seen. With `error` Lightly could not be asked and there are no
    lights; `drift` is what differs in the clouds from what was deployed, `drift_before` the same a round ago; `notes`
    is what must be known beside them."""

    name: str
    id: str
    since: datetime | None
    lights: tuple[VerifiedLight, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    revoked: bool = False
    drift: tuple[Finding, ...] = ()
    drift_before: tuple[Finding, ...] = ()

    @property
    def red(self) -> tuple[VerifiedLight, ...]:
        """The lights that are not as expected."""
        return tuple(light for light in self.lights if not light.now.ok)

    @property
    def changes(self) -> tuple[VerifiedLight, ...]:
        """The lights that are not what they were."""
        return tuple(light for light in self.lights if light.changed)

    @property
    def ok(self) -> bool:
        """Whether it was asked and is as expected, in the clouds too."""
        return not self.error and not self.red and not self.drift


@dataclass(frozen=True, slots=True)
class VerifiedStack:
    """All that was asked of a stack, and when."""

    project: str
    stack: str
    at: datetime
    datasets: tuple[VerifiedDataset, ...]

    @property
    def ok(self) -> bool:
        """Whether all of it was asked and is as expected."""
        return all(dataset.ok for dataset in self.datasets)

    @property
    def exit_code(self) -> int:
        """1 red or drifted, 2 somebody could not be asked, 0 well."""
        return 1 if any(dataset.red or dataset.drift for dataset in self.datasets) else 0 if self.ok else 2


def before(dataset: DeployedDataset, beyond: Mapping[Purpose, tuple[str, ...]]) -> dict[tuple[Purpose, str], Light]:
    """The lights that the state has."""
    found: dict[tuple[Purpose, str], Light] = {
        (source.purpose, str(capability)): light
        for source in dataset.datasources
        for capability, light in source.lights.items()
    }
    for purpose, reached in beyond.items():
        found[purpose, OUTSIDE] = Light(False, True, (Evidence.PROBE,), f"the key can {', '.join(reached)} there")
    return found


def compare(old: Lights, new: Lights, probed: frozenset[Purpose]) -> tuple[VerifiedLight, ...]:
    """Every light, in our order; `probed` are the purposes whose key was used this time."""
    return tuple(_compare(old, new, probed))


def explained(lights: Iterable[VerifiedLight], drift: Iterable[Finding]) -> tuple[VerifiedLight, ...]:
    """What is not there any more, or is switched off, is why lights are red that should be possible: whoever is refused
    is told no more than that."""
    found = [finding for finding in drift if finding.why == REFUSED]
    causes = {purpose: each for purpose in Purpose for each in reversed(found) if purpose in each.purpose.split(", ")}

    def told(light: VerifiedLight) -> VerifiedLight:
        cause = causes.get(light.purpose)
        if cause is None or light.now.ok or not light.now.expected:
            return light
        return replace(light, now=replace(light.now, cause=f"{cause.where}: {cause.what}", fix=cause.fix))

    return tuple(told(light) for light in lights)


def _compare(old: Lights, new: Lights, probed: frozenset[Purpose]) -> Iterator[VerifiedLight]:
    for purpose in Purpose:
        for name in (*map(str, Capability), OUTSIDE):
            was, now = old.get((purpose, name)), new.get((purpose, name))
            if was is not None and purpose not in probed and _rests_on_the_probe(was, now):
                yield VerifiedLight(purpose, name, was, was, asked=False)
            elif now is not None:
                yield VerifiedLight(purpose, name, was, now)
            elif was is not None and name == OUTSIDE:  # it was probed, and nothing is let through any more
                yield VerifiedLight(purpose, name, was, Light(False, False, (Evidence.PROBE,)))


def _rests_on_the_probe(was: Light, now: Light | None) -> bool:
    """Whether without the key nobody can say that it is another one now."""
    return Evidence.PROBE in was.evidence and (now is None or now.actual is None or (now.ok and not was.ok))
