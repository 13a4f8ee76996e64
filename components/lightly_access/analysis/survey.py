"""The reach of every datasource of a manifest."""

from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING

from lightly_core.capability import Purpose

from lightly_access.analysis import adopted
from lightly_access.analysis.datasource import Analysis

if TYPE_CHECKING:
    from lightly_access.manifest import Datasource, Manifest, Store

KINDS = ("s3", "azure", "gcs", "obs", "local")
"""The kinds of store, each a module of its own here, which is imported when a manifest has such a store."""


def survey(manifest: "Manifest", datasets: Collection[str] = ()) -> list[Analysis]:
    """Both datasources of every dataset, or of those named. Offline: reads no file and asks nobody."""
    return [
        _reach(name, purpose, source, manifest.stores[source.store])
        for name, dataset in manifest.datasets.items()
        if not datasets or name in datasets
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly))
    ]


def _reach(dataset: str, purpose: Purpose, source: "Datasource", store: "Store") -> Analysis:
    assert store.kind in KINDS
    if source.adopted:
        return adopted.analysis(dataset, purpose, source, store, _path(store, source.path))
    found: Analysis = import_module(f"lightly_access.kinds.{store.kind}.analysis").analysis(
        dataset, purpose, source, store
    )
    return found


def _path(store: "Store", path: str) -> str:
    match store.kind:
        case "azure":
            return f"azure://{store.account}/{store.container}/{path}"
        case "gcs":
            return f"gs://{store.bucket}/{path}"
        case "s3":
            return f"s3://{store.bucket}/{path}"
    raise AssertionError(f"nothing is adopted in a store of kind {store.kind}")
