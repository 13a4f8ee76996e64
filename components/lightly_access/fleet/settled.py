"""The states of a fleet -> the same with each dataset in the stack of its shard. Pure; no cloud is touched by it.

They are written in two rounds: in the first nothing is taken out, so that whenever the machine dies each dataset is
in a state, and the next call goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.move.shards import known_as, shard_places
from lightly_access.move.state import deployed_datasets, moved
from lightly_access.tables.shard import Shard, shard_of

States = Mapping[str, dict[str, Any]]
"""Stack -> what `pulumi stack export --show-secrets` writes."""


@dataclass(frozen=True, slots=True)
class Move:
    """A dataset that is in the stack of another shard."""

    dataset: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What is written: first `added`, then `left`; only the stacks that change."""

    moves: tuple[Move, ...]
    added: States = field(repr=False)
    left: States = field(repr=False)


def moves(manifest: Manifest, fleet: Fleet, states: States) -> Iterator[Move]:
    """What is not where it belongs; `states` may have stacks that the fleet has no more. Of a dataset that a move which
    was cut off has left in two, the other one goes."""
    for stack, state in states.items():
        here = deployed_datasets(state)
        for key in manifest.datasets:
            target = Shard(shard_of(key, fleet.of), fleet.of).stack(fleet.name)
            if target != stack and known_as(manifest, key, here) in here:
                yield Move(key, stack, target)


def settled(manifest: Manifest, fleet: Fleet, states: States) -> Settled:
    """Raises MoveError, and nothing is written then."""
    manifest = replace(manifest, shard=None)
    going = tuple(moves(manifest, fleet, states))
    added = dict(states)
    for move in going:
        name = known_as(manifest, move.dataset, deployed_datasets(states[move.source]))
        places = shard_places(manifest, move.dataset)
        found = moved(added[move.source], added[move.target], move.target, name, places)
        if found.target is not None:
            added[move.target] = found.target
    left = dict(added)
    for move in going:
        name = known_as(manifest, move.dataset, deployed_datasets(states[move.source]))
        found = moved(left[move.source], added[move.target], move.target, name, shard_places(manifest, move.dataset))
        if found.source is not None:
            left[move.source] = found.source
    return Settled(
        going,
        {stack: state for stack, state in added.items() if state is not states[stack]},
        {stack: state for stack, state in left.items() if state is not added[stack]},
    )
