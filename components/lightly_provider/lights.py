"""Lightly's permissions and our proofs -> the lights of each datasource. Pure.

Lightly's verification speaks of the dataset, not of one datasource. What it is taken to mean: `list` and `read` hold
for all registered datasources together, `write` and `overwrite` for LIGHTLY when there is one. A refused `list` or
`read` is laid at the datasource that its error names (see attribution); the other one then has no word of Lightly. A
refused `write` stays with LIGHTLY whatever its text says: it must never pass as green. `delete` is never verified by
Lightly: its evidence is the proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_access.capability import Capability, Evidence, Light, Purpose, expected

from lightly_provider.attribution import Access, attribute
from lightly_provider.causes import Cause, RedLight
from lightly_provider.diagnose import diagnose
from lightly_provider.lightly_api import Permissions

Lights = Mapping[Purpose, Mapping[Capability, Light]]


@dataclass(frozen=True, slots=True)
class Datasource:
    """What a verification knows about one datasource: its names, and what its documents permit."""

    access: Access
    proof: Mapping[Capability, bool]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All lights; `reasons` has a sentence for each red one, `hopeless` is true when waiting cannot mend one."""

    lights: Lights
    reasons: tuple[str, ...] = ()
    hopeless: bool = False

    @property
    def verified(self) -> bool:
        """Whether every light is as expected."""
        return not self.reasons


@dataclass(slots=True)
class _Word:
    """What Lightly says about one light; `asked` when it should have said something."""

    can: bool | None = None
    asked: bool = False
    error: str = ""
    certain: bool = True


@dataclass(slots=True)
class _Findings:
    lights: dict[Purpose, dict[Capability, Light]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    hopeless: bool = False


def judge(dataset: str, permissions: Permissions, datasources: Mapping[Purpose, Datasource]) -> Verdict:
    """Every light of the dataset; `dataset` is its name, for the sentences."""
    words = _words(permissions, {purpose: datasource.access for purpose, datasource in datasources.items()})
    findings = _Findings()
    for purpose, datasource in datasources.items():
        row = findings.lights.setdefault(purpose, {})
        for capability, wanted in expected(purpose).items():
            word = words.get((purpose, capability), _Word())
            light = _light(wanted, word, datasource.proof.get(capability))
            if not light.ok:
                cause = diagnose(_red(purpose, capability, light, datasource, word))
                light = Light(light.expected, light.actual, light.evidence, cause.text, cause.fix)
                findings.reasons.append(_reason(dataset, purpose, capability, light, cause))
                findings.hopeless |= not cause.mendable_by_waiting
            row[capability] = light
    return Verdict(findings.lights, tuple(findings.reasons), findings.hopeless)


def _words(permissions: Permissions, registered: Mapping[Purpose, Access]) -> dict[tuple[Purpose, Capability], _Word]:
    words: dict[tuple[Purpose, Capability], _Word] = {}
    for capability, can in permissions.can.items():
        meant = tuple(registered)
        if capability in (Capability.WRITE, Capability.OVERWRITE) and Purpose.LIGHTLY in registered:
            meant = (Purpose.LIGHTLY,)
        error, certain = permissions.errors.get(capability, ""), True
        if capability is Capability.OVERWRITE:  # what cannot be written cannot be overwritten, for the same reason
            error = error or permissions.errors.get(Capability.WRITE, "")
        if can is False and len(meant) > 1:
            whose = attribute(error, registered)
            meant, certain = whose.purposes, whose.certain
        for purpose in meant:
            words[purpose, capability] = _Word(can, True, error, certain)
    return words


def _light(wanted: bool, word: _Word, proof: bool | None) -> Light:
    """A granted capability is there only when nobody says no; a refused one is absent only when nobody says yes.

    Where Lightly was asked and kept silent, a proof can show that the light is wrong, never that it is right.
    """
    said = {Evidence.LIGHTLY: word.can, Evidence.PROOF: proof}
    evidence = tuple(source for source, value in said.items() if value is not None)
    values = [value for value in said.values() if value is not None]
    actual = (all(values) if wanted else any(values)) if values else None
    silent = word.asked and word.can is None
    return Light(wanted, None if silent and actual is wanted else actual, evidence)


def _red(purpose: Purpose, capability: Capability, light: Light, datasource: Datasource, word: _Word) -> RedLight:
    return RedLight(
        purpose=purpose,
        capability=capability,
        expected=light.expected,
        actual=light.actual,
        access=datasource.access,
        proof=datasource.proof.get(capability),
        error=word.error if word.can is False else "",
        certain=word.certain,
    )


def _reason(dataset: str, purpose: Purpose, capability: Capability, light: Light, cause: Cause) -> str:
    should = "should be possible" if light.expected else "should be refused"
    return f"dataset {dataset!r}, {purpose}, {capability} ({should}): {cause.text}; hint: {cause.fix}"
