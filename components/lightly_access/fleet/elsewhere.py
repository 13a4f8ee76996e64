"""Datasets that are deployed in the stack of another shard than theirs: a run would end, or make twice, what they have.

So it is when there are more or fewer shards than before, or a key was renamed and its hash is another one. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from shlex import quote
from typing import Any

from lightly_core.resource_types import DATASET

from lightly_access.deployed.exported import table
from lightly_access.manifest import Dataset, Manifest
from lightly_access.tables.problem import Problem
from lightly_access.tables.shard import Shard, shard_of

Outputs = Callable[[str], Mapping[str, Any]]
"""The outputs of a stack by its name; nothing of one that is not there."""


def deployed_keys(resources: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The keys of the datasets among the resources of a stack, by URN."""
    names = (urn.rpartition("::")[2] for urn, each in resources.items() if each.get("type") == DATASET.token)
    return {name.removesuffix("-dataset") for name in names}


def misplaced(
    manifest: Manifest, stack: str, deployed: Iterable[str], outputs: Outputs | None = None
) -> Iterator[Problem]:
    """One for each: of the `deployed` datasets of the `stack`, those of other shards, and of those that the stack would
    make, the ones that another stack has. Only where they may be is asked for `outputs`."""
    shard = manifest.shard
    fleet = shard.fleet(stack) if shard else None
    if shard is None or fleet is None:
        return
    here = set(deployed)
    for key, dataset in manifest.datasets.items():
        known = next((name for name in (key, *dataset.aliases) if name in here), None)
        if shard.holds(key):
            there = _found(key, dataset, shard, fleet, outputs) if outputs and known is None else None
        else:
            there = stack if known is not None else None
        if there:
            theirs = Shard(shard_of(key, shard.of), shard.of)
            yield Problem(
                ("datasets", key),
                f"a dataset that is deployed in stack {there}",
                f"it in {theirs.stack(fleet)}, the stack of shard {theirs}",
                f"lightly-access move {quote(key)} --from {there} --to {theirs.stack(fleet)} makes nothing anew",
            )


def _found(key: str, dataset: Dataset, shard: Shard, fleet: str, outputs: Outputs) -> str | None:
    """The stack that has it, of those where it would be by half or twice as many shards, by one, or by an old key."""
    names = {key, *dataset.aliases}
    counts = {shard.of, shard.of * 2, *([shard.of // 2] if shard.of % 2 == 0 else [])}
    numbers = {shard_of(name, of) for name in names for of in counts} - {shard.number}
    stacks = [*(Shard(number, shard.of).stack(fleet) for number in sorted(numbers)), fleet]
    return next((stack for stack in stacks if names & table(outputs(stack).get("details")).keys()), None)
