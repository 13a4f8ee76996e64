"""A checked manifest as what stands below it sees it: the folders of kinds, which the manifest itself imports."""

from collections.abc import Mapping
from typing import Protocol

from lightly_core.capability import Purpose

from lightly_access.tables.datasource import Datasource
from lightly_access.tables.table import AccountTable, StoreTable


class DeclaredDataset(Protocol):
    """`Dataset` of the manifest."""

    @property
    def revoked(self) -> bool:
        """Whether Lightly shall have no access."""

    @property
    def sources(self) -> Mapping[Purpose, Datasource]:
        """Both datasources by their purpose."""


class Declared(Protocol):
    """`Manifest`."""

    @property
    def stores(self) -> Mapping[str, StoreTable]:
        """By their names, as all three."""

    @property
    def datasets(self) -> Mapping[str, DeclaredDataset]: ...

    @property
    def accounts(self) -> Mapping[str, AccountTable]: ...

    @property
    def tags(self) -> Mapping[str, str]:
        """Of everything that is made."""


def made(manifest: Declared) -> list[Datasource]:
    """The datasources whose access the stack makes."""
    datasets = [each for each in manifest.datasets.values() if not each.revoked]
    return [source for each in datasets for source in each.sources.values() if not source.made_elsewhere]


def has_directories(manifest: Declared, store: str, *, created: bool) -> bool:
    """Whether the stack makes a directory in the store: for every datasource in one that it makes (`created`), else
    where Lightly writes. As `access.store_prerequisites` decides.
    """
    ours = made(manifest)
    found = ((purpose, each) for dataset in manifest.datasets.values() for purpose, each in dataset.sources.items())
    return any(
        each.store == store and each in ours and each.path and (created or purpose is Purpose.LIGHTLY)
        for purpose, each in found
    )
