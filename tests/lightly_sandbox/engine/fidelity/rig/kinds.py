"""The rig's resource types as a table: which change replaces, what is computed, what is secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.lightly_sandbox.engine.fidelity.rig.wire import UNKNOWN, fingerprint, has_unknown, revealed, secret


@dataclass(frozen=True)
class Kind:
    """A resource type.

    A change of an input in `replaces` replaces (create before delete); of one in `deletes_first`, delete before create.
    All other inputs are updated in place. `required` inputs must be given. `computed` are outputs that only the cloud
    knows; those in `secrets` are returned as secrets.
    """

    token: str
    inputs: frozenset[str]
    required: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    deletes_first: frozenset[str] = frozenset()
    computed: tuple[str, ...] = ()
    changing: frozenset[str] = field(default=frozenset())
    secrets: frozenset[str] = frozenset()

    def outputs(self, thing_id: str, thing: Mapping[str, Any]) -> dict[str, Any]:
        """All outputs of an existing thing: its inputs and what the cloud adds."""
        added = {
            "handle": f"handle-of-{thing_id}",
            "revision": thing["revision"],
            "keyId": f"AK-{thing_id}",
            "secret": fingerprint([thing_id, "secret"]),
            "verified": True,
        }
        outputs = {**thing["inputs"], **{name: added[name] for name in self.computed}}
        return {name: secret(value) if name in self.secrets else value for name, value in outputs.items()}

    def planned(self, inputs: Mapping[str, Any], olds: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs in a preview: what will be computed afresh is unknown, the rest keeps its old value."""
        fresh = {name: UNKNOWN if name not in olds or name in self.changing else olds[name] for name in self.computed}
        outputs = {**inputs, **fresh}
        return {name: secret(revealed(value)) if name in self.secrets else value for name, value in outputs.items()}

    def changed(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
        """The inputs that differ; one that is not known yet counts as different."""
        return sorted(
            name
            for name in self.inputs
            if has_unknown(news.get(name)) or revealed(olds.get(name)) != revealed(news.get(name))
        )


THING = Kind(
    token="rig:index:Thing",
    inputs=frozenset({"value", "key", "slot", "links", "password"}),
    replaces=frozenset({"key"}),
    deletes_first=frozenset({"slot"}),
    computed=("handle", "revision"),
    changing=frozenset({"revision"}),
)
CREDENTIAL = Kind(
    token="rig:index:Credential",
    inputs=frozenset({"user", "generation"}),
    required=frozenset({"user"}),
    replaces=frozenset({"user", "generation"}),
    computed=("keyId", "secret"),
    secrets=frozenset({"secret"}),
)
VERIFICATION = Kind(
    token="rig:index:Verification",
    inputs=frozenset({"target"}),
    required=frozenset({"target"}),
    computed=("verified",),
)
KINDS: Mapping[str, Kind] = {kind.token: kind for kind in (THING, CREDENTIAL, VERIFICATION)}
