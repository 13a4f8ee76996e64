"""Google Cloud Storage as a kind of store."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.gcs import names, registration
from lightly_access.kinds.kind import Kind, Written
from lightly_access.kinds.verified import Location

if TYPE_CHECKING:
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.gcs.account import GcpProject
    from lightly_access.kinds.gcs.store import GcsStore
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables

SERVICE_ACCOUNT = AccessKind(
    name="service_account",
    meaning="the key of one that we make, for gcs",
    registration=registration.SERVICE_ACCOUNT,
    credential="the key of service account",
    options=frozenset({"secret", "rotate_after", "rotate_anchor", "rotate_now"}),
    no_policy="Google Cloud has no such thing; a condition binds the service account to the path",
)


class GcsKind(Kind):
    """Buckets of Google Cloud Storage, by the key of a service account."""

    name = "gcs"
    other_names = ("gcp", "gs", "google")
    accesses = (SERVICE_ACCOUNT,)
    no_other_access = "Lightly has no federation with Google Cloud: it takes the key of a service account"
    cloud = "gcp"

    def table(self) -> "type[GcsStore]":
        from lightly_access.kinds.gcs.store import GcsStore

        return GcsStore

    def account(self) -> "type[GcpProject]":
        from lightly_access.kinds.gcs.account import GcpProject

        return GcpProject

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, names.SCHEME, names.bucket_name)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.bucket}/{path}"

    def directory_fault(self, path: str, store: Written) -> Fault | None:
        return names.directory(path)

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.gcs import relations

        return relations.problems(tables)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.gcs import relations

        return relations.warnings(tables)

    def location(self, path: str) -> Location:
        bucket = path.partition("://")[2].partition("/")[0]
        return Location.of_bucket(path, f"{bucket}/objects")

    def causes(self) -> "Causes":
        from lightly_access.kinds.gcs.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.gcs.probe import GCS

        return GCS
