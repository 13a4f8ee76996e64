"""A dataset that goes from one shard to another: its entry stays in the manifest, which is that of both. Pure."""

from collections.abc import Collection

from lightly_core.capability import Purpose

from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.move.state import MoveError, Places
from lightly_access.tables.shard import Shard, named_after, shard_of


def of_one_manifest(source: tuple[str, Manifest], target: tuple[str, Manifest]) -> bool:
    """Whether these stacks are shards of one manifest."""
    fleets = {named_after(stack, manifest.shard) for stack, manifest in (source, target) if manifest.shard}
    same = (source[1].stores, source[1].datasets) == (target[1].stores, target[1].datasets)
    return bool(source[1].shard and target[1].shard) and len(fleets) == 1 and same


def shard_places(manifest: Manifest, dataset: str) -> Places:
    """What of its stores goes with the dataset: the directories that Lightly writes to.

    All else is the first shard's, which keeps it, whatever the number of shards.
    """
    source = manifest.datasets[dataset].sources[Purpose.LIGHTLY]
    kind = registry.kind_of(manifest.stores[source.store].kind)
    names = () if source.made_elsewhere else kind.made_in_store(source.store, Purpose.LIGHTLY, source.path)
    return Places(frozenset(name for name in names if "/" in name))


def belongs(manifest: Manifest, dataset: str, stack: str) -> None:
    """That the dataset is of this shard. Raises MoveError."""
    shard = manifest.shard
    if shard and not shard.holds(dataset):
        theirs = Shard(shard_of(dataset, shard.of), shard.of)
        fleet = named_after(stack, shard)
        raise MoveError(
            f"{dataset} is of shard {theirs}, got the stack of shard {shard}\nhint: --to {theirs.stack(fleet)}"
        )


def known_as(manifest: Manifest, dataset: str, deployed: Collection[str]) -> str:
    """Its key, or the one of before under which it is deployed still."""
    return next((name for name in (dataset, *manifest.datasets[dataset].aliases) if name in deployed), dataset)
