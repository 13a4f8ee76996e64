"""The reach of every datasource of a manifest."""

from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING

from lightly_access.capability import Purpose
from lightly_access.reach.datasource import Reach

if TYPE_CHECKING:
    from lightly_access.manifest import Datasource, Manifest, Store

KINDS = ("s3", "azure", "gcs", "obs", "local")
"""The kinds of store, each a module of its own here, which is imported when a manifest has such a store."""


def survey(manifest: "Manifest", datasets: Collection[str] = ()) -> list[Reach]:
    """Both datasources of every dataset, or of those named. Offline: reads no file and asks nobody."""
    return [
        _reach(name, purpose, source, manifest.stores[source.store])
        for name, dataset in manifest.datasets.items()
        if not datasets or name in datasets
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly))
    ]


def _reach(dataset: str, purpose: Purpose, source: "Datasource", store: "Store") -> Reach:
    assert store.kind in KINDS
    found: Reach = import_module(f"lightly_access.reach.{store.kind}").reach(dataset, purpose, source, store)
    return found
