"""The probes of one verification: which keys it was given, and what using them brought.

The keys come as one secret input (`credentials`) and are never an output. A probe that found everything as it should be
is not repeated: Lightly's own answers are what is confirmed.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lightly_access.kinds import registry
from lightly_access.kinds.probe import Target
from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.kinds.verified import VerifiedAccess
from lightly_core.capability import Purpose, expected
from lightly_core.fault import Fault
from lightly_core.hint import with_hint
from lightly_core.pulumi_values import Properties, Unknown, Value, plain
from lightly_core.scrub import Scrubber

from lightly_provider.handlers.inputs import Inputs
from lightly_provider.verification.probe import Findings, probe

CREDENTIALS = "credentials"
Ask = Callable[[Mapping[Purpose, Target], str], Mapping[Purpose, Findings]]


class Prober:
    """Probes the keys that a verification was given, in the turns of its polling."""

    def __init__(self, news: Properties, accesses: Mapping[Purpose, VerifiedAccess], ask: Ask = probe) -> None:
        self._targets, self._accesses, self._ask = _targets(news, accesses), accesses, ask
        self._name = secrets.token_hex(8)
        self._scrubber = _scrubber(news)
        self.found: dict[Purpose, Findings] = {}

    def look(self) -> Mapping[Purpose, Findings]:
        """Probe those that have not yet been found as they should be."""
        open_ = {
            purpose: target
            for purpose, target in self._targets.items()
            if not _settled(purpose, self.found.get(purpose))
        }
        if open_:
            # The words of a service become causes of lights, and those are outputs.
            found = self._ask(open_, self._name)
            self.found |= {purpose: each.with_words(self._scrubber.scrub) for purpose, each in found.items()}
        return self.found

    def probe_credential(self, purpose: Purpose) -> bool:
        """Whether there is a key to probe with."""
        return purpose in self._targets

    def outputs(self) -> dict[str, Value]:
        """What is kept of the probes: no secret, and no words of the service."""
        return {str(purpose): self._output(purpose) for purpose in self._accesses}

    def remarks(self, dataset: str) -> list[str]:
        """What the user must know beside the lights: what could not be cleaned up, what could not be asked."""
        said = []
        for purpose, found in self.found.items():
            where = f"dataset {dataset!r}, {purpose}"
            if found.left:
                said.append(f"{where}: the probe could not delete {', '.join(found.left)}\nhint: delete it yourself")
            if found.unreachable:
                said.append(f"{where}: not probed: {found.unreachable}\nhint: `probe: false` leaves the probe out")
        return said

    def _output(self, purpose: Purpose) -> Value:
        found = self.found.get(purpose)
        if found is None:
            why = self._accesses[purpose].access.probe_obstacle or "not asked for"
            return {"done": False, "why": why, "beyond": [], "left": []}
        return {
            "done": not found.unreachable,
            "why": found.unreachable or None,
            "beyond": list(found.beyond),
            "left": list(found.left),
        }


def _settled(purpose: Purpose, found: Findings | None) -> bool:
    if found is None or found.beyond or found.left:
        return False
    return all(
        capability in found.answers
        and found.answers[capability].can is wanted
        and (wanted or found.answers[capability].refused)
        for capability, wanted in expected(purpose).items()
    )


def check_credentials(inputs: Inputs, news: Mapping[str, Value]) -> None:
    """All faults of the keys; no value of the table is shown."""
    if not inputs.has(CREDENTIALS):
        return
    table = plain(news.get(CREDENTIALS))
    if isinstance(table, Unknown):
        return
    if not isinstance(table, dict):
        inputs.fault(CREDENTIALS, "expected a map")
        return
    sources = plain(news.get("datasources"))
    for purpose, entry in table.items():
        place, entry = f"{CREDENTIALS}.{purpose}", plain(entry)
        if purpose not in tuple(Purpose):
            place = f"{CREDENTIALS}.{inputs.stray(CREDENTIALS, purpose)}"
            inputs.fault(place, f"there is no such purpose, expected {' or '.join(Purpose)}")
        if isinstance(entry, Unknown):
            continue
        if not isinstance(entry, dict):
            inputs.fault(place, "expected a map")
            continue
        if credential := _credential(sources, purpose):
            _check_key(inputs, place, entry, credential)


def _credential(sources: Value, purpose: str) -> ProbeCredential | None:
    """Of the datasource that a key is for; None while its kind is unknown, or said to be wrong elsewhere."""
    entry = sources.get(purpose) if isinstance(sources, dict) else None
    kind = registry.find_kind(entry.get("kind")) if isinstance(entry, dict) else None
    return kind.probe() if kind else None


def _check_key(inputs: Inputs, place: str, entry: Mapping[str, Value], credential: ProbeCredential) -> None:
    for name in sorted(entry.keys() - set(credential.names)):
        stray = f"{place}.{inputs.stray(CREDENTIALS, name)}"
        inputs.fault(stray, f"there is no such property, expected one of {', '.join(credential.names)}")
    for name, rule in credential.rules.items():
        value = plain(entry.get(name))
        if isinstance(value, Unknown) or (value is None and name not in credential.needed):
            continue
        fault = rule(value) if isinstance(value, str) else Fault("text")
        if fault:
            inputs.fault(f"{place}.{name}", with_hint(f"expected {fault.expected}", fault.hint))
    for name in credential.flags:
        if not isinstance(plain(entry.get(name)), bool | Unknown | None):
            inputs.fault(f"{place}.{name}", "expected true or false")


def secrets_of(news: Properties) -> Iterator[str]:
    """The secrets of the keys, and not what else is needed to use them, such as a region."""
    table: Any = plain(news.get(CREDENTIALS))
    names = registry.secret_properties()
    entries = [entry for entry in table.values() if isinstance(entry, dict)] if isinstance(table, dict) else []
    yield from (value for entry in entries for name in names if isinstance(value := plain(entry.get(name)), str))


def _scrubber(news: Properties) -> Scrubber:
    scrubber = Scrubber()
    scrubber.learn(*secrets_of(news))
    return scrubber


def _targets(news: Properties, accesses: Mapping[Purpose, VerifiedAccess]) -> dict[Purpose, Target]:
    table: Any = plain(news.get(CREDENTIALS))
    if not isinstance(table, dict):
        return {}
    probes = {purpose: registry.kind_of(access.kind).probe() for purpose, access in accesses.items()}
    return {
        purpose: credential.target(accesses[purpose], table[purpose])
        for purpose, credential in probes.items()
        if purpose in table and credential is not None
    }
