"""S3-compatible services as a kind of store."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.kind import Kind, Written
from lightly_access.kinds.obs import names, registration

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.audit.looked import Looked
    from lightly_access.audit.registered import Registered
    from lightly_access.deployed.granted import Granted
    from lightly_access.kinds.builder import Builder
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.ending import Ending
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.obs.store import ObsStore
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.starter import Starter
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables

KEY = AccessKind(
    name="key",
    meaning="a key that you give, for obs",
    registration=registration.KEY,
    credential="key",
    config_entry="the secret of the access key",
    external_lines=lambda known, secret: {"access_key_id": known.get("accessKeyId", "KEY-ID"), "secret": secret},
    options=frozenset({"access_key_id", "secret"}),
    needed=frozenset({"access_key_id", "secret"}),
    no_policy="you gave this key: its owner bounds it",
    unrotated="you gave this key: make a new one, and deploy with that",
)


class ObsKind(Kind):
    """Buckets of Huawei's OBS and every other service that speaks like S3, by a key that somebody else made."""

    name = "obs"
    other_names = ("minio",)
    accesses = (KEY,)
    no_other_access = "Lightly has no role for S3-compatible stores: it takes a key that you make"

    def starter(self) -> "Starter":
        from lightly_access.kinds.obs.starter import STARTER

        return STARTER

    def table(self) -> "type[ObsStore]":
        from lightly_access.kinds.obs.store import ObsStore

        return ObsStore

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, names.SCHEME, names.bucket)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.bucket}/{path}"

    def store_identity(self, store: Written, purpose: str | None = None) -> str | None:
        """A bucket's name is unique at each service."""
        name = store.get("bucket")
        return f"obs {str(store.get('endpoint')).rstrip('/')} {name}" if isinstance(name, str) else None

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.obs import relations

        return relations.problems(tables)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.obs import relations

        return relations.warnings(tables)

    def builder(self) -> "Builder":
        from lightly_access.kinds.obs.builder import ObsBuilder

        return ObsBuilder()

    def causes(self) -> "Causes":
        from lightly_access.kinds.obs.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.obs.probe import OBS

        return OBS

    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: "ObsStore") -> "Analysis":
        from lightly_access.kinds.obs.analysis import analysis

        return analysis(dataset, purpose, source, store)

    def granted(self, found: "Granted") -> "Analysis":
        from lightly_access.kinds.obs.granted import analysis

        return analysis(found)

    def handoff(self) -> "Handoff":
        from lightly_access.kinds.obs.handoff import ObsHandoff

        return ObsHandoff()

    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        from lightly_access.audit.looked import Looked

        return Looked.nothing(source, "the service behind an external key has no policies that could be read here")

    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        endpoint = source.values.get("endpoint", "ENDPOINT")
        return {"kind": "obs", "bucket": source.bucket, "endpoint": endpoint}, ""

    def ending(self) -> "Ending":
        from lightly_access.kinds.obs.ending import ObsEnding

        return ObsEnding()
