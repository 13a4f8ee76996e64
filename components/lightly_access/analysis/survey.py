"""The reach of every datasource of a manifest."""

from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING

from lightly_core.capability import Purpose

from lightly_access.analysis import adopted
from lightly_access.analysis.datasource import Analysis
from lightly_access.kinds import registry

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.table import StoreTable as Store


def survey(manifest: "Manifest", datasets: Collection[str] = ()) -> list[Analysis]:
    """Both datasources of every dataset, or of those named. Offline: reads no file and asks nobody."""
    return [
        _reach(name, purpose, source, manifest.stores[source.store])
        for name, dataset in manifest.datasets.items()
        if not datasets or name in datasets
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly))
    ]


def _reach(dataset: str, purpose: Purpose, source: "Datasource", store: "Store") -> Analysis:
    if source.made_elsewhere and source.access in adopted.WORDS:
        return adopted.analysis(
            dataset, purpose, source, store, registry.kind_of(store.kind).registered_path(store, source.path, purpose)
        )
    found: Analysis = import_module(f"lightly_access.kinds.{store.kind}.analysis").analysis(
        dataset, purpose, source, store
    )
    return found
