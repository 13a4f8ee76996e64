"""The stores of one kind in a manifest: what their owner in the scenario has, and is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource
from lightly_core.capability import Purpose


@dataclass(frozen=True)
class Source:
    """A datasource whose access does not end with the deployment."""

    key: str
    """The dataset's key in the manifest."""
    dataset: str
    """Its name at Lightly."""
    purpose: Purpose
    table: Datasource
    store: Any

    @property
    def place(self) -> tuple[str, ...]:
        """Where it stands in the manifest."""
        return ("datasets", self.key, self.purpose.lower())


@dataclass(frozen=True)
class Estate:
    """The stores of one kind, and the datasources in them."""

    stores: Mapping[str, Any]
    sources: tuple[Source, ...]
    accounts: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    """The stack's configuration, as it is played: what the cloud's own provider is told is in there."""
    others: tuple[Any, ...] = ()
    """The stores of other kinds."""

    @classmethod
    def of(cls, manifest: Manifest, kind: str, config: Mapping[str, Any]) -> "Estate":
        stores = {name: store for name, store in manifest.stores.items() if store.kind == kind}
        sources = tuple(
            Source(key, dataset.name or key, purpose, source, stores[source.store])
            for key, dataset in manifest.datasets.items()
            if not dataset.revoked
            for purpose, source in dataset.sources.items()
            if source.store in stores
        )
        others = tuple(store for store in manifest.stores.values() if store.kind != kind)
        return cls(stores, sources, manifest.accounts, config, others)

    def adopted(self) -> list[Any]:
        """The stores that their owner has already."""
        return [store for store in self.stores.values() if not getattr(store, "create", False)]

    def created(self) -> list[Any]:
        """Those that the deployment makes."""
        return [store for store in self.stores.values() if getattr(store, "create", False)]

    def external(self) -> Iterator[Source]:
        """The datasources whose credential somebody else made."""
        return (source for source in self.sources if source.table.made_elsewhere)

    def found(self) -> Iterator[Source]:
        """The datasources whose directory is there before the first deployment: data, and what somebody else made; a
        directory for what Lightly writes is made with an access of ours."""
        there = (source for source in self.sources if not getattr(source.store, "create", False))
        return (source for source in there if source.purpose is Purpose.INPUT or source.table.made_elsewhere)

    def ours(self, *accesses: str) -> list[Source]:
        """The datasources of these accesses whose credential the deployment makes; LIGHTLY first."""
        found = [each for each in self.sources if not each.table.made_elsewhere and each.table.access in accesses]
        return sorted(found, key=lambda source: source.purpose is not Purpose.LIGHTLY)

    def account(self, store: Any) -> Any:
        """The account that owns a store; None for one that the deployer's own login leads to."""
        owner = getattr(store, "owner", None)
        return self.accounts[owner] if owner else None
