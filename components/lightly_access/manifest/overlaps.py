"""What each datasource reaches: the directory of a bucket, container or disk, as far as the tables can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_core import directory

from lightly_access.manifest.problem import Where
from lightly_access.manifest.tables import Tables

INPUT, LIGHTLY = "input", "lightly"


@dataclass(frozen=True, slots=True)
class DatasourcePath:
    """One datasource that can be read: the directory of a bucket that a dataset reaches for one purpose."""

    dataset: str
    purpose: str
    store: Mapping[object, object]
    path: str
    raw: Mapping[object, object]

    @property
    def store_identity(self) -> str | None:
        """What tells this bucket, or the disk, from all others; None when it cannot be read."""
        return store_identity(self.store, self.purpose)

    @property
    def inside(self) -> str:
        """The directory in that place: two mounts may be one folder, or one inside the other."""
        mount = self.store.get(f"{self.purpose}_mount")
        on_disk = self.store.get("kind") == "local" and isinstance(mount, str) and mount.startswith("/")
        return f"{str(mount).strip('/')}/{self.path}" if on_disk else self.path

    def key(self, name: str) -> Where:
        return ("datasets", self.dataset, self.purpose, name)

    def __str__(self) -> str:
        return f"{'.'.join(self.key('path'))} ({self.path!a})"


def table(value: object) -> Mapping[object, object]:
    """The value as a table; an empty one when it is something else, which is reported elsewhere."""
    return value if isinstance(value, Mapping) else {}


def store_identity(store: Mapping[object, object], purpose: str | None = None) -> str | None:
    """A bucket's name is unique in S3, in Cloud Storage and at each S3-compatible service, a container's in its
    account. A local store is two folders of a disk."""
    if store.get("kind") == "local":
        mount = store.get(f"{purpose}_mount")
        return (mount if mount.startswith("env:") else "local /") if isinstance(mount, str) else None
    kind, name = store.get("kind"), store.get(container_key(store))
    if not isinstance(name, str):
        return None
    if kind == "azure":
        return f"azure {store.get('account')} {name}"
    return f"obs {str(store.get('endpoint')).rstrip('/')} {name}" if kind == "obs" else f"{kind} {name}"


def container_key(store: Mapping[object, object]) -> str:
    """What holds the data, and the key that names it: `container` or `bucket`."""
    return "container" if store.get("kind") == "azure" else "bucket"


def datasource_paths(tables: Tables) -> Iterator[DatasourcePath]:
    """Every datasource whose store and path can be read."""
    for name, dataset in tables.datasets.items():
        for purpose in (INPUT, LIGHTLY):
            source = table(table(dataset).get(purpose))
            store, path = source.get("store"), source.get("path")
            known = isinstance(store, str) and store in tables.stores
            if known and isinstance(path, str) and directory.directory_path(path) is None:
                yield DatasourcePath(
                    name, purpose, table(tables.stores[str(store)]), directory.normalised(path), source
                )
