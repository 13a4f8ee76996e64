"""Datasets that are deployed in the stack of another shard than theirs: a run would end, or make twice, what they have.

So it is when there are more or fewer shards than before, or a key was renamed and its hash is another one. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lightly_core.resource_types import DATASET

from lightly_access.deployed.exported import table
from lightly_access.manifest import Manifest
from lightly_access.tables.problem import Problem
from lightly_access.tables.shard import MOST, Shard, shard_of

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
    make, the ones that another stack has. Only where it would make some, others are asked for their `outputs`."""
    shard = manifest.shard
    fleet = shard.fleet(stack) if shard else None
    if shard is None or fleet is None:
        return
    places = dict.fromkeys(deployed, stack)
    named = {key: {key, *dataset.aliases} for key, dataset in manifest.datasets.items()}
    if outputs and any(shard.holds(key) and not names & places.keys() for key, names in named.items()):
        places = {**_deployed_there(shard, fleet, outputs), **places}
    for key, names in named.items():
        here = {places[name] for name in names & places.keys()}
        theirs = Shard(shard_of(key, shard.of), shard.of).stack(fleet)
        # Of what is neither here nor shall be, the other stacks speak.
        if here and theirs not in here and stack in (theirs, *here):
            yield Problem(
                ("datasets", key),
                f"a dataset that is deployed in stack {min(here)}",
                f"it in {theirs}, by its hash",
                f"lightly-access fleet settle {fleet} brings it there, and makes nothing anew",
            )


def _deployed_there(shard: Shard, fleet: str, outputs: Outputs) -> dict[str, str]:
    """Dataset -> the stack of another shard that has it: of all, also those of when there were more, or one alone."""
    found = dict.fromkeys(table(outputs(fleet).get("details")), fleet)
    for number in range(1, MOST + 1):
        stack = Shard(number, shard.of).stack(fleet)
        known = outputs(stack)
        if not known and number > shard.of:
            break
        if number != shard.number:
            found |= dict.fromkeys(table(known.get("details")), stack)
    return found
