"""Lightly's permissions and our proofs -> the lights of each datasource. Pure.

Lightly's verification speaks of the dataset, not of one datasource. What it is taken to mean: `list` and `read` hold
for all registered datasources together, `write` and `overwrite` for LIGHTLY when there is one. A refused `list` or
`read` is attributed to the datasource that its error names (see attribution); the other one then has no word of
Lightly. A refused `write` stays with LIGHTLY whatever its text says: it must never pass as green. A hardened
datasource, which Lightly's own servers must not be able to read, is the one that a refused `read` is attributed to when
its error names none; of two hardened ones it says that of at least one, so that neither has Lightly's word and the
proof alone is evidence. `delete` is never verified by Lightly: its evidence is the proof, and the probe where we have a
key to probe with. An external credential has no document of ours: what Lightly is not asked about, only a probe can
tell; of an external role, which only Lightly may assume, nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lightly_access.kinds import registry
from lightly_access.kinds.cause import Cause, RedLight
from lightly_access.kinds.general_causes import EXTERNAL_NOT_KNOWN, NOT_PROBED
from lightly_access.kinds.probe import Answer
from lightly_access.kinds.verified import VerifiedAccess
from lightly_api.datasources import Permissions
from lightly_core.capability import Capability, Evidence, Light, Purpose, expected
from lightly_core.hint import with_hint

from lightly_provider.verification.attribution import attribute
from lightly_provider.verification.diagnose import diagnose
from lightly_provider.verification.probe import Findings

_SILENCE = Answer(None)

Lights = Mapping[Purpose, Mapping[Capability, Light]]


@dataclass(frozen=True, slots=True)
class Datasource:
    """What a verification knows about one datasource: its names, and what its documents permit."""

    access: VerifiedAccess
    proof: Mapping[Capability, bool]
    probe_credential: bool = False
    """Whether its key was to be probed."""
    restricted: Mapping[Capability, bool] = field(default_factory=dict)
    """What Lightly's own servers must be able to do, where that is less than the purpose says."""

    def expected(self, purpose: Purpose) -> dict[Capability, bool]:
        """Capability -> whether it must be possible."""
        return {**expected(purpose), **self.restricted}


@dataclass(frozen=True, slots=True)
class Verdict:
    """All lights; `reasons` has a sentence for what is red of one datasource for one cause, `hopeless` is true when
    waiting cannot mend one."""

    lights: Lights
    reasons: tuple[str, ...] = ()
    hopeless: bool = False

    @property
    def verified(self) -> bool:
        """Whether every light is as expected."""
        return not self.reasons

    def red(self) -> str:
        """`LIGHTLY write, overwrite red: <the first cause>`; empty when no light is red."""
        rows = {purpose: [name for name, light in row.items() if not light.ok] for purpose, row in self.lights.items()}
        causes = [light.cause for row in self.lights.values() for light in row.values() if light.cause]
        names = "; ".join(f"{purpose} {', '.join(red)}" for purpose, red in rows.items() if red)
        return names and f"{names} red: {causes[0]}"


@dataclass(slots=True)
class _Word:
    """What Lightly says about one light; `asked` when it should have said something."""

    can: bool | None = None
    asked: bool = False
    error: str = ""
    certain: bool = True


@dataclass(slots=True)
class _Evaluated:
    lights: dict[Purpose, dict[Capability, Light]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    hopeless: bool = False


def evaluate(
    dataset: str,
    permissions: Permissions,
    datasources: Mapping[Purpose, Datasource],
    probes: Mapping[Purpose, Findings] | None = None,
    others: Mapping[Purpose, Cause] | None = None,
) -> Verdict:
    """Every light of the dataset; `dataset` is its name, for the sentences. `others` are the datasources that are not
    what is registered, and why: nobody can tell what ours could do, and Lightly does not speak of it."""
    probes, others = probes or {}, others or {}
    words = {} if others else _words(permissions, datasources)
    evaluated = _Evaluated()
    for purpose, datasource in datasources.items():
        if other := others.get(purpose):
            evaluated.lights[purpose] = {
                capability: Light(wanted, None, (), other.text, other.fix, other.name)
                for capability, wanted in datasource.expected(purpose).items()
            }
            evaluated.reasons.append(_said(f"dataset {dataset!r}, {purpose}", other))
            evaluated.hopeless = True
            continue
        row = evaluated.lights.setdefault(purpose, {})
        red: dict[tuple[bool, Cause], list[Capability]] = {}
        for capability, wanted in datasource.expected(purpose).items():
            word = words.get((purpose, capability), _Word())
            probe = _probed(probes.get(purpose), capability, wanted)
            light = _light(wanted, word, probe.can, datasource.proof.get(capability))
            if _nobody_was_asked(light, word, datasource):
                why = _unknown(datasource.access)
                light = Light(wanted, None, (), why.text, why.fix, why.name)
            elif not light.ok:
                cause = diagnose(replace(_red(purpose, capability, light, datasource, word, probe), dataset=dataset))
                light = replace(light, cause=cause.text, fix=cause.fix, runbook=cause.name)
                red.setdefault((wanted, cause), []).append(capability)
                evaluated.hopeless |= not cause.mendable_by_waiting
            row[capability] = light
        evaluated.reasons += [_reason(dataset, purpose, *key, capabilities) for key, capabilities in red.items()]
        for reason in _outside_path(dataset, purpose, datasource, probes.get(purpose)):
            evaluated.reasons.append(reason)
            evaluated.hopeless |= datasource.access.external
    return Verdict(evaluated.lights, tuple(evaluated.reasons), evaluated.hopeless)


def _words(
    permissions: Permissions, datasources: Mapping[Purpose, Datasource]
) -> dict[tuple[Purpose, Capability], _Word]:
    words: dict[tuple[Purpose, Capability], _Word] = {}
    registered = {purpose: datasource.access for purpose, datasource in datasources.items()}
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
            closed = tuple(purpose for purpose in meant if not datasources[purpose].expected(purpose)[capability])
            if not certain and closed:  # it must be refused there, so that explains it; of two, at least one
                meant, certain = closed if len(closed) == 1 else (), True
        for purpose in meant:
            words[purpose, capability] = _Word(can, True, error, certain)
    return words


def _probed(found: Findings | None, capability: Capability, wanted: bool) -> Answer:
    """What the probe says of one light. That a key is not known, or that a bucket is missing, is no refusal of a right
    that should not be there: it will be there with the key."""
    answer = found.answers.get(capability, _SILENCE) if found else _SILENCE
    return (
        Answer(None, answer.code, answer.words) if not wanted and answer.can is False and not answer.refused else answer
    )


def _nobody_was_asked(light: Light, word: _Word, datasource: Datasource) -> bool:
    """Lightly is not asked for it, no document of ours speaks of it, and nobody probes."""
    return light.actual is None and not (word.asked or datasource.proof or datasource.probe_credential)


def _unknown(access: VerifiedAccess) -> Cause:
    """Why nobody knows what a credential that somebody else made can do."""
    if not access.access.probe_obstacle:
        return NOT_PROBED.cause({})
    kind = access.access
    return EXTERNAL_NOT_KNOWN.cause({"word": kind.credential, "obstacle": kind.probe_obstacle or ""})


def _outside_path(dataset: str, purpose: Purpose, datasource: Datasource, found: Findings | None) -> Iterator[str]:
    if found and found.beyond:
        cause = registry.kind_of(datasource.access.kind).causes().beyond(datasource.access, found.beyond)
        yield _said(f"dataset {dataset!r}, {purpose}", cause)


def _light(wanted: bool, word: _Word, probe: bool | None, proof: bool | None) -> Light:
    """A granted capability is there only when nobody says no; a refused one is absent only when nobody says yes.

    Where Lightly was asked and kept silent, the others can show that the light is wrong, never that it is right.
    """
    said = {Evidence.LIGHTLY: word.can, Evidence.PROBE: probe, Evidence.PROOF: proof}
    evidence = tuple(source for source, value in said.items() if value is not None)
    values = [value for value in said.values() if value is not None]
    actual = (all(values) if wanted else any(values)) if values else None
    silent = word.asked and word.can is None
    return Light(wanted, None if silent and actual is wanted else actual, evidence)


def _red(
    purpose: Purpose, capability: Capability, light: Light, datasource: Datasource, word: _Word, probe: Answer
) -> RedLight:
    lightly = word.can is False
    return RedLight(
        purpose=purpose,
        capability=capability,
        expected=light.expected,
        actual=light.actual,
        access=datasource.access,
        proof=datasource.proof.get(capability),
        error=word.error if lightly else probe.words if probe.can is not light.expected else "",
        certain=word.certain or not lightly,
        by_probe=probe.can is not None and not lightly,
    )


def _reason(dataset: str, purpose: Purpose, wanted: bool, cause: Cause, red: list[Capability]) -> str:
    *most, last = red
    which = f"{', '.join(most)} and {last}" if most else last
    should = f"{which} should be {'possible' if wanted else 'refused'}"
    return _said(f"dataset {dataset!r}, {purpose}: {should}", cause)


def _said(what: str, cause: Cause) -> str:
    return with_hint(f"{what}: {cause.text}", cause.fix, cause.name)
