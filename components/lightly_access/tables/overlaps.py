"""What each datasource reaches: the directory of a bucket, container or disk, as far as the tables can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from lightly_access.tables.problem import Where

INPUT, LIGHTLY = "input", "lightly"


def made_elsewhere(source: Mapping[object, object]) -> bool:
    """As `Datasource.made_elsewhere`, of a table as it was written."""
    return source.get("role_arn") is not None or source.get("secret") is not None


@dataclass(frozen=True, slots=True)
class DatasourcePath:
    """One datasource that can be read: the directory of a bucket that a dataset reaches for one purpose.

    Attributes:
        dataset, purpose, path: as the manifest has them, the path normalised.
        store, raw: the tables of its store and of itself, as they were written.
        store_identity: what tells this bucket, or the disk, from all others; None when it cannot be read.
        inside: the directory in that place: two mounts may be one folder, or one inside the other.
        container: what holds the data, in the word of its kind: `bucket` or `container`.
    """

    dataset: str
    purpose: str
    store: Mapping[object, object]
    path: str
    raw: Mapping[object, object]
    store_identity: str | None
    inside: str
    container: str

    @property
    def kind(self) -> object:
        """The kind of its store, as it was written."""
        return self.store.get("kind")

    @property
    def made_elsewhere(self) -> bool:
        """Whether it names a credential that somebody else made."""
        return made_elsewhere(self.raw)

    def key(self, name: str) -> Where:
        """The place of one of its values."""
        return ("datasets", self.dataset, self.purpose, name)

    def __str__(self) -> str:
        return f"{'.'.join(self.key('path'))} ({self.path!a})"
