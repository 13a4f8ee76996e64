"""The stacks of all shards together deploy what one stack of the whole manifest would: each thing in exactly one."""

from collections import Counter
from typing import Any

import pulumi
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lightly_access.deployment import deploy
from lightly_access.fleet import facts
from lightly_access.manifest import Manifest
from lightly_access.tables.shard import Shard

from tests.lightly_access.manifest.example import manifests
from tests.lightly_access.recording import Recording

TOKEN = "sv=2026-04-06&sr=d&sp=rl&sig=x"
SECRETS = {"lightly-keys:lightly-input": "an-external-id", "lightly-keys:data-deployer": "an-external-id"}
Graph = dict[tuple[str, str], Any]
"""Type and name of each resource -> its inputs, and the account's provider that makes it."""


def deployed(config: dict[str, Any], shard: Shard | None, known: dict[str, Any]) -> tuple[Graph, dict[str, Any]]:
    """What a stack deploys, and what the first shard would tell the others."""
    manifest = Manifest.parse({**config, **({"shard": str(shard)} if shard else {})})
    recording = Recording(hierarchical=True)
    pulumi.runtime.set_mocks(recording, project="acme", stack=shard.stack("prod") if shard else "prod", preview=False)
    pulumi.runtime.set_all_config({**SECRETS, **({"lightly-access:shard": str(shard)} if shard else {})}, [*SECRETS])
    told: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        found = deploy(manifest)
        pulumi.Output.from_input(dict(found.shared)).apply(lambda shared: told.update(shared=shared))
        return pulumi.Output.from_input(found)

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"THE_EXTERNAL_ID": "an-id", "THE_SECRET": TOKEN, "KEY_ID": "AKIAIOSFODNN7EXAMPLE"}.items():
            patch.setenv(name, value)
        patch.setattr(facts, "stack_outputs", lambda stack: known if stack == "prod-shard-1" else {})
        program()
    pulumi.runtime.set_all_config({})
    made = {
        (kind, name): (inputs, recording.through.get((kind, name)))
        for kind, found in recording.found.items()
        if kind.rpartition(":")[2][0].isupper() and not kind.startswith(("pulumi:providers:", "lightly-access:"))
        for name, inputs in found.items()
    }
    return made, told


@st.composite
def shared_manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Some with datasets that read from one directory, that are revoked, or that write where they read."""
    config = draw(manifests())
    datasets = list(config["lightly-access:datasets"].values())
    for dataset in datasets:
        if draw(st.booleans()):
            dataset["input"] = draw(st.sampled_from(datasets))["input"]
        if draw(st.integers(0, 4)) == 0:
            dataset["revoked"] = True
        if draw(st.integers(0, 4)) == 0:
            dataset["lightly"] = {**dataset["lightly"], **{k: dataset["input"][k] for k in ("store", "path")}}
    assume(Manifest.check(config).manifest)
    return config


@settings(max_examples=12)
@given(shared_manifests(), st.integers(1, 4))
def test_the_shards_together_are_the_whole_each_thing_once(config: dict[str, Any], count: int) -> None:
    whole, _ = deployed(config, None, {})
    parts, known = [], dict[str, Any]()
    for number in range(1, count + 1):
        made, told = deployed(config, Shard(number, count), known)
        parts.append(made)
        known = known or told
    often = Counter(key for made in parts for key in made)
    assert often == dict.fromkeys(whole, 1)
    assert {key: value for made in parts for key, value in made.items()} == whole
