"""What of a manifest one stack deploys, and what the stacks of the other shards rely on. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Purpose

from lightly_access.kinds import registry
from lightly_access.manifest import Dataset, Manifest
from lightly_access.tables.table import StoreTable


@dataclass(frozen=True, slots=True)
class Part:
    """Of a manifest without shards: all of it.

    Attributes:
        datasets: those of the shard.
        stores: those that it makes something of or in; of the first shard all.
        taken: those of which the first shard makes what is made once, so that this one takes it as it is.
        others: the datasets of the other shards, for the first one.
    """

    datasets: Mapping[str, Dataset]
    stores: Mapping[str, StoreTable]
    taken: frozenset[str] = frozenset()
    others: Mapping[str, Dataset] = field(default_factory=dict)

    def purposes(self, store: str) -> set[Purpose]:
        """Those for which an access to the store is made."""
        sources = (each.sources for each in self.datasets.values() if not each.revoked)
        pairs = (pair for each in sources for pair in each.items())
        return {purpose for purpose, source in pairs if source.store == store and not source.made_elsewhere}


def part(manifest: Manifest) -> Part:
    """The part of the manifest's shard."""
    shard = manifest.shard
    if shard is None:
        return Part(manifest.datasets, manifest.stores)
    mine = {key: dataset for key, dataset in manifest.datasets.items() if shard.holds(key)}
    if shard.first:
        return Part(mine, manifest.stores, others={k: v for k, v in manifest.datasets.items() if k not in mine})
    used = {source.store for dataset in mine.values() for source in dataset.sources.values()}
    stores = {key: store for key, store in manifest.stores.items() if key in used}
    return Part(mine, stores, frozenset(key for key, store in stores.items() if once(store)))


def once(store: StoreTable) -> bool:
    """Whether something of the store is made once for all its datasets."""
    return registry.kind_of(store.kind).made_once(store)


def left_to_the_first(dataset: Dataset) -> Iterator[Purpose]:
    """The purposes whose directories, in stores that were made, the dataset's own shard does not make.

    It makes those that Lightly writes to, which are of one dataset alone; several may read from the same one.
    """
    own = {
        (source.store, source.path)
        for purpose, source in dataset.sources.items()
        if purpose is Purpose.LIGHTLY and not source.made_elsewhere
    }
    return (purpose for purpose, source in dataset.sources.items() if (source.store, source.path) not in own)
