"""Local disk: the folders of the worker's machine, and its mounts."""

import os

import pulumi

from lightly_access.capability import Purpose
from lightly_access.declaring import access_name
from lightly_access.local_folders import LocalFolders
from lightly_access.manifest import Datasource, LocalStore, Manifest
from lightly_access.storage.local import LocalAccess


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
