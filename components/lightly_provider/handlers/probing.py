"""The probes of one verification: which keys it was given, and what using them brought.

The keys come as one secret input (`credentials`) and are never an output. A probe that found everything as it should be
is not repeated: Lightly's own answers are what is confirmed.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from lightly_access import contract
from lightly_access.capability import Purpose, expected
from lightly_access.fault import Fault
from lightly_access.secret import Secret

from lightly_provider.attribution import Access
from lightly_provider.given_key import GIVEN
from lightly_provider.handlers.inputs import Inputs, flag_of, text_of
from lightly_provider.probe import Findings, Target, probe
from lightly_provider.wire import Properties, Unknown, Value, plain

CREDENTIALS = "credentials"
_RULES: dict[str, Callable[[str], Fault | None]] = {
    "accessKeyId": contract.obs_access_key_id,
    "secretAccessKey": contract.secret_access_key,
    "region": contract.signing_region,
    "endpoint": contract.obs_endpoint,
    "kmsKeyArn": contract.kms_key_arn,
}
_NEEDED = ("accessKeyId", "secretAccessKey", "region")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""Where AWS's own tools look for another endpoint
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html)."""

Ask = Callable[[Mapping[Purpose, Target], str], Mapping[Purpose, Findings]]


class Prober:
    """Probes the keys that a verification was given, in the turns of its polling."""

    def __init__(self, news: Properties, accesses: Mapping[Purpose, Access], ask: Ask = probe) -> None:
        self._targets, self._accesses, self._ask = _targets(news, accesses), accesses, ask
        self._name = secrets.token_hex(8)
        self.found: dict[Purpose, Findings] = {}

    def look(self) -> Mapping[Purpose, Findings]:
        """Probe those that have not yet been found as they should be."""
        open_ = {purpose: it for purpose, it in self._targets.items() if not _settled(purpose, self.found.get(purpose))}
        if open_:
            self.found.update(self._ask(open_, self._name))
        return self.found

    def probed(self, purpose: Purpose) -> bool:
        """Whether there is a key to probe with."""
        return purpose in self._targets

    def outputs(self) -> dict[str, Value]:
        """What is kept of the probes: no secret, and no words of the service."""
        return {str(purpose): self._output(purpose) for purpose in self._accesses}

    def remarks(self, dataset: str) -> list[str]:
        """What the user must know beside the lights: what could not be cleaned up, what could not be asked."""
        said = []
        for purpose, it in self.found.items():
            where = f"dataset {dataset!r}, {purpose}"
            if it.left:
                said.append(f"{where}: the probe could not delete {', '.join(it.left)}; hint: delete it yourself")
            if it.unreachable:
                said.append(f"{where}: not probed: {it.unreachable}; hint: `probe: false` leaves the probe out")
        return said

    def _output(self, purpose: Purpose) -> Value:
        found = self.found.get(purpose)
        if found is None:
            why = "not asked for"
            if self._accesses[purpose].access == "delegated":
                why = "only Lightly's account may assume the role"
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
    """All faults of the keys; the whole table is sealed, and no value of it is shown."""
    if not inputs.has(CREDENTIALS):
        return
    inputs.seal(CREDENTIALS)
    table = plain(news.get(CREDENTIALS))
    if isinstance(table, Unknown):
        return
    if not isinstance(table, dict):
        inputs.fault(CREDENTIALS, "expected a map")
        return
    for purpose, entry in table.items():
        place, entry = f"{CREDENTIALS}.{purpose}", plain(entry)
        if purpose not in tuple(Purpose):
            inputs.fault(place, f"there is no such purpose, expected {' or '.join(Purpose)}")
        if isinstance(entry, Unknown):
            continue
        if not isinstance(entry, dict):
            inputs.fault(place, "expected a map")
            continue
        _check_key(inputs, place, entry)


def _check_key(inputs: Inputs, place: str, entry: Mapping[str, Value]) -> None:
    for name in sorted(entry.keys() - {*_RULES, "wholeBucket"}):
        inputs.fault(f"{place}.{name}", f"there is no such property, expected one of {', '.join(_RULES)}, wholeBucket")
    for name, rule in _RULES.items():
        value = plain(entry.get(name))
        if isinstance(value, Unknown) or (value is None and name not in _NEEDED):
            continue
        fault = rule(value) if isinstance(value, str) else Fault("text")
        if fault:
            inputs.fault(
                f"{place}.{name}", f"expected {fault.expected}" + (f"; hint: {fault.hint}" if fault.hint else "")
            )
    if not isinstance(plain(entry.get("wholeBucket")), bool | Unknown | None):
        inputs.fault(f"{place}.wholeBucket", "expected true or false")


def _targets(news: Properties, accesses: Mapping[Purpose, Access]) -> dict[Purpose, Target]:
    table: Any = plain(news.get(CREDENTIALS))
    if not isinstance(table, dict):
        return {}
    return {purpose: _target(access, plain(table[purpose])) for purpose, access in accesses.items() if purpose in table}


def _target(access: Access, entry: Any) -> Target:
    endpoint = text_of(entry, "endpoint") or None
    if access.access != GIVEN:
        endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), None)
    return Target(
        scheme=access.kind,
        bucket=access.bucket,
        directory=access.directory,
        access_key_id=text_of(entry, "accessKeyId"),
        secret_access_key=Secret(text_of(entry, "secretAccessKey")),
        region=text_of(entry, "region"),
        endpoint=endpoint,
        kms_key_arn=text_of(entry, "kmsKeyArn") or None,
        whole_bucket=flag_of(entry, "wholeBucket"),
    )
