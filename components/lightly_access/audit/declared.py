"""What Lightly has, compared with what a manifest declares. Pure."""

from collections.abc import Iterator

from lightly_core.capability import Purpose

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.lightly import Known
from lightly_access.kinds import registry
from lightly_access.manifest import Dataset, Manifest
from lightly_access.tables.datasource import Datasource


def declared_findings(mine: Known, manifest: Manifest, dataset: Dataset) -> Iterator[Finding]:
    """Paths and accesses that differ, and datasources that Lightly does not have."""
    for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly)):
        where, wanted = f"datasets.{mine.name}.{purpose.lower()}", _path(manifest, source, purpose)
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


def _path(manifest: Manifest, source: Datasource, purpose: Purpose) -> str:
    store = manifest.stores[source.store]
    return registry.kind_of(store.kind).registered_path(store, source.path, purpose)
