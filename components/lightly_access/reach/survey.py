"""The reach of every datasource of a manifest."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from lightly_access.capability import Purpose
from lightly_access.reach import local, obs, s3
from lightly_access.reach.datasource import Reach

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest

_KINDS: dict[str, Callable[[str, Purpose, Any, Any], Reach]] = {"s3": s3.reach, "obs": obs.reach, "local": local.reach}
"""Kind of store -> what reaches it: dataset, purpose, Datasource and the Store of that kind."""


def survey(manifest: "Manifest", datasets: Collection[str] = ()) -> list[Reach]:
    """Both datasources of every dataset, or of those named. Offline: reads no file and asks nobody."""
    return [
        _KINDS[store.kind](name, purpose, source, store)
        for name, dataset in manifest.datasets.items()
        if not datasets or name in datasets
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly))
        for store in (manifest.stores[source.store],)
    ]
