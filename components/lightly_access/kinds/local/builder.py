"""Local disk: the folders of the worker's machine, and its mounts."""

import os

import pulumi
from lightly_core.capability import Purpose

from lightly_access.builders import access_name
from lightly_access.kinds.local.components import LocalAccess
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.kinds.local.store import LocalStore
from lightly_access.manifest import Manifest
from lightly_access.tables.datasource import Datasource


def store(name: str, store: LocalStore, manifest: Manifest, opts: pulumi.ResourceOptions | None) -> LocalFolders:
    """The folders that the manifest gives or names."""
    return LocalFolders.of(name, store, os.environ)


def access(
    dataset: str,
    purpose: Purpose,
    datasource: Datasource,
    store: LocalFolders,
    manifest: Manifest,
    opts: pulumi.ResourceOptions | None,
) -> LocalAccess:
    """The mount."""
    return LocalAccess(access_name(dataset, purpose), {"store": store, "path": datasource.path, "purpose": purpose})
