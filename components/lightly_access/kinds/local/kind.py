"""Folders of the machine where the Lightly Worker runs, as a kind of store."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.lightly_rules import MOUNTS

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.kind import Kind, Written
from lightly_access.kinds.local import names, registration
from lightly_access.secret_refs import SecretReferenceError

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.audit.looked import Looked
    from lightly_access.audit.registered import Registered
    from lightly_access.deployed.granted import Granted
    from lightly_access.kinds.builder import Builder
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.local.store import LocalStore
    from lightly_access.kinds.starter import Starter
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables

MOUNT = AccessKind(
    name="mount",
    meaning="a folder of the worker, for local",
    registration=registration.MOUNT,
    credential="mount",
    no_policy="a mount has no policy",
    unrotated="a mount has no credential: the line that starts the worker decides what it may",
)


class LocalKind(Kind):
    """Two folders of a disk, mounted into the worker's container."""

    name = "local"
    of_one_machine = True
    other_names = ("disk", "file")
    accesses = (MOUNT,)

    def starter(self) -> "Starter":
        from lightly_access.kinds.local.starter import STARTER

        return STARTER

    def table(self) -> "type[LocalStore]":
        from lightly_access.kinds.local.store import LocalStore

        return LocalStore

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        mount = MOUNTS.get(purpose or "")
        if (fault := names.local_path(path)) or not mount or path.startswith(f"{names.SCHEME}{mount}/"):
            return fault
        return Fault(f"{names.SCHEME}{mount}/<directory>/ for {purpose}", "each purpose has a mount of its own")

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{MOUNTS[purpose]}/{path}"

    def store_identity(self, store: Written, purpose: str | None = None) -> str | None:
        """All mounts are on one disk, but where a folder is known to the worker's machine alone."""
        mount = store.get(f"{purpose}_mount")
        return (mount if mount.startswith("env:") else "local /") if isinstance(mount, str) else None

    def inside(self, store: Written, path: str, purpose: str) -> str:
        mount = store.get(f"{purpose}_mount")
        on_disk = isinstance(mount, str) and mount.startswith("/")
        return f"{str(mount).strip('/')}/{path}" if on_disk else path

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.local import relations

        return relations.problems(paths)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.local import relations

        return relations.warnings(paths)

    def builder(self) -> "Builder":
        from lightly_access.kinds.local.builder import LocalBuilder

        return LocalBuilder()

    def causes(self) -> "Causes":
        from lightly_access.kinds.local.causes import LocalCauses

        return LocalCauses()

    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: "LocalStore") -> "Analysis":
        from lightly_access.kinds.local.analysis import analysis

        return analysis(dataset, purpose, source, store)

    def granted(self, found: "Granted") -> "Analysis":
        from lightly_access.kinds.local.granted import analysis

        return analysis(found)

    def handoff(self) -> "Handoff":
        from lightly_access.kinds.local.handoff import LocalHandoff

        return LocalHandoff()

    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        from lightly_access.audit.looked import Looked

        return Looked.nothing(source, "no credential is behind it: the worker reads the folders that are mounted")

    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        return {"kind": "local"}, ""

    def remarks(self, name: str, store: "LocalStore", environ: Mapping[str, str]) -> "Iterator[Problem]":
        from lightly_access.kinds.local.folders import LocalFolders
        from lightly_access.tables.problem import Problem

        try:
            folders = LocalFolders.of(name, store, environ)
        except (SecretReferenceError, ValueError):
            return  # the deployment's environment has the variable, and says when it does not
        for mount, got, fault in folders.remarks():
            yield Problem.of(("stores", name, mount), got, fault)

    def worker_mount(self, name: str, store: "LocalStore", purpose: Purpose, environ: Mapping[str, str]) -> str | None:
        from lightly_access.kinds.local.folders import LocalFolders

        return LocalFolders.of(name, store, environ).mount(purpose)
