"""What happened in one step, in a form that is the same whenever the same happened.

Chance is taken out: the stack's prefix of URNs, the random ids of providers, secrets (by fingerprint), times (only that
they are there), source positions. The ids of the rig's own things are the same on every run, and so stay.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.lightly_sandbox.engine.fidelity.harness.project import PASSPHRASE, PROJECT, STACK
from tests.lightly_sandbox.engine.fidelity.harness.secrets import key, opened
from tests.lightly_sandbox.engine.fidelity.rig.journal import Entry
from tests.lightly_sandbox.engine.fidelity.rig.wire import redacted

if TYPE_CHECKING:
    from tests.lightly_sandbox.engine.fidelity.harness.run import Told

Observation = dict[str, Any]
_PREFIX = f"urn:pulumi:{STACK}::{PROJECT}::"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLACES = ("sourcePosition", "stackTrace")
_TIMES = ("created", "modified")


class Names:
    """Stable names for the random ids of providers: `<name#n>`, n counting the ids seen at one URN in one run."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    def learn(self, resources: Iterable[Mapping[str, Any]]) -> None:
        """Name the providers of a state."""
        for resource in resources:
            urn, found = resource["urn"], str(resource.get("id", ""))
            if ":providers:" in urn and _UUID.fullmatch(found) and found not in self._names:
                self._seen[urn] = self._seen.get(urn, 0) + 1
                self._names[found] = f"<{urn.rsplit('::', 1)[1]}#{self._seen[urn]}>"

    def settle(self, value: Any) -> Any:
        """The value with the stack's prefix cut off and ids named."""
        text = json.dumps(value).replace(_PREFIX, "")
        return json.loads(_UUID.sub(lambda match: self._names.get(match.group(), "<id>"), text))


def observe(
    told: "Told", calls: list[Entry], export: Mapping[str, Any], things: Mapping[str, Any], names: Names
) -> Observation:
    """One step as JSON: `export` is a state as `pulumi stack export` writes it, `things` what the cloud holds.

    `steps` are those that were done (or planned, in a preview), `failed` those that were begun and failed.
    """
    resources = state(export)
    names.learn(resources)
    seen: Observation = {
        "ok": told.ok,
        "changes": {name: count for name, count in sorted(told.changes.items()) if count},
        "steps": sorted([op, urn] for op, urn in told.steps),
        "failed": sorted([op, urn] for op, urn in told.failed),
        "errors": sorted(set(told.errors)),
        "calls": [_known(call) for call in calls],
        "state": sorted(resources, key=_place),
        "things": {thing_id: redacted(thing["inputs"]) for thing_id, thing in sorted(things.items())},
    }
    settled: Observation = names.settle(seen)
    return settled


def state(export: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources of a state with secrets as fingerprints, no places, and times only as being there."""
    deployment = export["deployment"]
    resources = deployment.get("resources") or []
    salt = deployment.get("secrets_providers", {}).get("state", {}).get("salt", "")
    if '"ciphertext"' in json.dumps(resources):
        resources = opened(resources, key(PASSPHRASE, salt))
    kept = []
    for resource in resources:
        plain = {name: value for name, value in redacted(resource).items() if name not in PLACES}
        kept.append({name: _settled(name, value) for name, value in plain.items()})
    return kept


def _settled(field: str, value: Any) -> Any:
    """A field without chance: a program hands over dependencies as a set, in any order."""
    if field == "dependencies":
        return sorted(value)
    if field == "propertyDependencies":
        return {name: sorted(urns or ()) for name, urns in value.items()}
    return True if field in _TIMES else value


def _known(call: Entry) -> Entry:
    return {name: value for name, value in call.items() if value or name in {"began", "ended"}}


def _place(resource: Mapping[str, Any]) -> tuple[str, bool, str]:
    return resource["urn"], bool(resource.get("delete")), str(resource.get("id", ""))
