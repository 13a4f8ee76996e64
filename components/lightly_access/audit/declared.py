"""What Lightly has, compared with what a manifest declares. Pure."""

from collections.abc import Iterator

from lightly_core.capability import Purpose

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.lightly import Known
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.manifest import Dataset, Manifest
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.table import StoreTable as AnyStore


def declared_findings(mine: Known, manifest: Manifest, dataset: Dataset) -> Iterator[Finding]:
    """Paths and accesses that differ, and datasources that Lightly does not have."""
    for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly)):
        where, wanted = f"datasets.{mine.name}.{purpose.lower()}", path(manifest.stores[source.store], source)
        found = mine.datasources.get(purpose)
        why = "`pulumi up` registers what the manifest says"
        for what, at_lightly, in_manifest in (
            ("path", found.path if found else "no datasource", wanted),
            ("access", found.access if found else source.access, source.access),
            ("role", found.values.get("roleArn") if found else None, source.role_arn),
        ):
            if at_lightly and in_manifest and at_lightly != in_manifest:
                said = f"Lightly has the {what} {at_lightly}, the manifest {in_manifest}"
                fix = "change the manifest, where Lightly is right; else deploy"
                yield Finding(Severity.MEDIUM, f"declared-{what}", said, where, why, fix, str(purpose))


def path(store: AnyStore, source: Datasource) -> str:
    """A declared path as we write it; empty where the manifest alone does not say it (local stores)."""
    if isinstance(store, AzureStore):
        return f"azure://{store.account}/{store.container}/{source.path}"
    bucket = getattr(store, "bucket", None)
    schemes = {"s3": "s3", "gcs": "gs", "obs": "obs"}
    return f"{schemes[store.kind]}://{bucket}/{source.path}" if bucket else ""
