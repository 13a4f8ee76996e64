"""Local disk: the folders of the worker's machine, and its mounts."""

import os
from collections.abc import Mapping

import pulumi
from lightly_core.capability import Purpose

from lightly_access.kinds.builder import Builder
from lightly_access.kinds.local.components import LocalAccess
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.kinds.local.store import LocalStore
from lightly_access.tables.datasource import Datasource


class LocalBuilder(Builder):
    """Folders of the worker's machine, and its mounts."""

    def store(
        self, name: str, store: LocalStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> LocalFolders:
        """The folders that the manifest gives or names."""
        return LocalFolders.of(name, store, os.environ)

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: LocalFolders,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> LocalAccess:
        """The mount."""
        return LocalAccess(name, {"store": store, "path": datasource.path, "purpose": purpose}, opts)
