"""The access analysis of every datasource of a manifest."""

from collections.abc import Collection

from lightly_core.capability import Purpose

from lightly_access.analysis import external
from lightly_access.analysis.datasource import Analysis
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.manifest.part import part
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.table import StoreTable


def survey(manifest: Manifest, datasets: Collection[str] = ()) -> list[Analysis]:
    """Both datasources of every dataset that is not revoked, or of those named; of a shard only of its own datasets.

    Offline: reads no file, asks nobody.
    """
    return [
        _analysis(name, purpose, source, manifest.stores[source.store])
        for name, dataset in part(manifest).datasets.items()
        if not dataset.revoked and (not datasets or name in datasets)
        for purpose, source in dataset.sources.items()
    ]


def _analysis(dataset: str, purpose: Purpose, source: Datasource, store: StoreTable) -> Analysis:
    kind, access = registry.kind_of(store.kind), registry.accesses()[source.access]
    if source.made_elsewhere and access.external:
        path = kind.registered_path(store, source.path, purpose)
        return external.analysis(dataset, purpose, kind.name, access, path, whole_bucket=source.whole_bucket)
    return kind.analysis(dataset, purpose, source, store)
