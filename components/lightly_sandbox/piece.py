"""What is played: a stack of a project, as far as it can be had on this machine.

The manifest is the stack's own, with what it names and does not hold replaced by what the owners made here. Of the rest
of the configuration stays what says where things are; logins, and Lightly's address and token, are the sandbox's.
"""

import copy
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lightly_access.manifest import Manifest
from lightly_access.manifest.stack_file import find, project_settings, stack_config
from lightly_access.secret_refs import SECRETS_NAMESPACE
from lightly_access.tables.written import KEYS, NAMESPACE
from lightly_core.counted import counted
from lightly_core.secret import Secret

from lightly_sandbox.deployer import Project
from lightly_sandbox.excerpt import excerpt
from lightly_sandbox.kinds.fixture import Fixture

DEADLINE = 20
"""Seconds for a verification: the clouds of this machine are quick."""
_CLOUDS = ("aws", "azure-native", "azure", "gcp")
_PLACES = frozenset(
    {
        *("aws:region", "aws:defaultTags"),
        *("azure-native:location", "azure-native:subscriptionId", "azure-native:tenantId"),
        *("gcp:project", "gcp:region", "gcp:zone"),
    }
)
"""What is kept of the configuration of the clouds' providers: where things are, and no login."""


@dataclass
class Piece:
    """A stack that is played."""

    project: Project
    stack: str
    manifest: Manifest
    config: Mapping[str, Any]
    """The stack's configuration, the tables of the manifest in it, before the owners have made anything."""
    replaced: list[str] = field(default_factory=list)
    unplayed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path, stack: str, manifest: Manifest, kinds: frozenset[str]) -> "Piece":
        """`manifest` is that of the stack's file, checked; of it the datasets whose stores are of these kinds.

        Raises EmptySelectionError.
        """
        piece = cls(Project.load(root), stack, manifest, {})
        if manifest.shard:
            piece.unplayed.append(f"the shards, of which this stack is {manifest.shard}: it plays the whole manifest")
        tables = excerpt(replace(manifest, shard=None).to_config(), kinds)
        piece.config = {**dict(piece._kept(stack_config(find(stack, root)))), **piece._playable(tables)}
        piece.manifest = Manifest.parse({key: value for key, value in tables.items() if key in piece.config})
        if environments := _yaml(root, stack).get("environment"):
            piece.unplayed.append(f"the environment {environments} of Pulumi ESC, which is not opened")
        if piece.project.program is None:
            runtime = project_settings(root).get("runtime")
            piece.unplayed.append(f"the program, since its runtime is {runtime}: deploy_stack plays the manifest")
        return piece

    def _kept(self, config: Mapping[str, object]) -> Iterator[tuple[str, object]]:
        """What of the configuration is played as it is, or as a local one."""
        logins = []
        for key, value in config.items():
            namespace, _, name = key.partition(":")
            if namespace == NAMESPACE and name in KEYS:
                continue
            if namespace in ("lightly", SECRETS_NAMESPACE):
                continue
            if namespace in _CLOUDS and key not in _PLACES:
                logins.append(key)
            elif _secret(value):
                self.replaced.append(key)
                yield key, Secret(secrets.token_hex(16))
            else:
                yield key, value
        self.replaced += logins

    def _playable(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """The tables without what no cloud of this machine can do; it is named."""
        found: dict[str, Any] = copy.deepcopy(dict(tables))
        for name, account in found.get(f"{NAMESPACE}:accounts", {}).items():
            if email := account.pop("impersonate", None):
                self.unplayed.append(f"that whoever deploys to {name} becomes {email}")
        found[f"{NAMESPACE}:verify"] = {**found.get(f"{NAMESPACE}:verify", {}), "deadline": DEADLINE}
        return found

    @property
    def kinds(self) -> frozenset[str]:
        """Of its stores."""
        return frozenset(store.kind for store in self.manifest.stores.values())

    def played(self, owners: Mapping[str, Fixture]) -> "Piece":
        """With what the owners have made."""
        config: dict[str, Any] = copy.deepcopy(dict(self.config))
        said = list(self.replaced)
        for owner in owners.values():
            for (table, *path, last), value in owner.replaced.items():
                at = config[f"{NAMESPACE}:{table}"]
                for name in path:
                    at = at[name]
                at[last] = value
            config |= {f"{SECRETS_NAMESPACE}:{name}": secret for name, secret in owner.secrets.items()}
            said += owner.said
        return replace(self, config=config, replaced=list(dict.fromkeys(said)))

    def words(self) -> str:
        """One line: what is played, what of it is another thing here, and what cannot be played."""
        program = "its own program" if self.project.program else "deploy_stack"
        stores, datasets = counted(len(self.manifest.stores), "store"), counted(len(self.manifest.datasets), "dataset")
        played = f"playing {self.project.name}/{self.stack} by {program}: {datasets}, {stores}"
        local = ", ".join(["clouds", "Lightly", "every login", *self.replaced])
        return f"{played}; local here: {local}" + (f"; not played: {'; '.join(self.unplayed)}" if self.unplayed else "")


def _secret(value: object) -> bool:
    """Whether there is a value in it that only the stack's own key opens."""
    if isinstance(value, list):
        return any(map(_secret, value))
    return isinstance(value, Mapping) and (value.keys() == {"secure"} or any(map(_secret, value.values())))


def _yaml(root: Path, stack: str) -> Mapping[str, Any]:
    from lightly_access.manifest.yaml_text import read

    found = read(find(stack, root).read_text(encoding="utf-8-sig"), stack).value
    return found if isinstance(found, Mapping) else {}
