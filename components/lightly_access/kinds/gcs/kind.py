"""Google Cloud Storage as a kind of store."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.gcs import names, registration
from lightly_access.kinds.gcs.holder import HOLDERS
from lightly_access.kinds.kind import Kind, Written
from lightly_access.kinds.verified import Location

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.audit.looked import Looked
    from lightly_access.audit.registered import Registered
    from lightly_access.deployed.granted import Granted
    from lightly_access.doctor.question import Question
    from lightly_access.doctor.stack import Stack
    from lightly_access.drift.deployed import DeployedAccess
    from lightly_access.drift.drift import Drift
    from lightly_access.kinds.builder import Builder
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.deployer import Asked, Deployer
    from lightly_access.kinds.ending import Ending
    from lightly_access.kinds.explanation import Explanation
    from lightly_access.kinds.external import ExternalCredential
    from lightly_access.kinds.gcs.account import GcpProject
    from lightly_access.kinds.gcs.store import GcsStore
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.starter import Starter
    from lightly_access.once import Once
    from lightly_access.recover.way import Way
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables


def _external_key() -> "ExternalCredential":
    from lightly_access.kinds.gcs.external import KEY

    return KEY


SERVICE_ACCOUNT = AccessKind(
    name="service_account",
    meaning="the key of one that we make, for gcs",
    registration=registration.SERVICE_ACCOUNT,
    credential="the key of service account",
    described="a service account's key",
    config_entry="the JSON text of the key file",
    options=frozenset({"secret", "rotate_after", "rotate_anchor", "rotate_now"}),
    no_policy="Google Cloud has no such thing; a condition binds the service account to the path",
    external=_external_key,
)


class GcsKind(Kind):
    """Buckets of Google Cloud Storage, by the key of a service account."""

    name = "gcs"
    other_names = ("gcp", "gs", "google")
    accesses = (SERVICE_ACCOUNT,)
    no_other_access = "Lightly has no federation with Google Cloud: it takes the key of a service account"
    cloud = "gcp"
    holders = HOLDERS
    sdk = "pulumi_gcp"
    extra = "gcp"

    def starter(self) -> "Starter":
        from lightly_access.kinds.gcs.starter import STARTER

        return STARTER

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

        return relations.problems(tables, paths)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.gcs import relations

        return relations.warnings(tables, paths)

    def document_fault(self, purpose: Purpose, source: "Datasource", store: "GcsStore") -> Fault | None:
        from lightly_access.kinds.gcs import document_size

        return document_size.fault(purpose, source, store)

    def builder(self) -> "Builder":
        from lightly_access.kinds.gcs.builder import GcsBuilder

        return GcsBuilder()

    def as_made(self, where: str, store: Any, made: Mapping[str, Mapping[str, Any]]) -> Any:
        return store.model_copy(update={"create": True, "location": made["bucket"].get("location")})

    def location(self, path: str) -> Location:
        bucket = path.partition("://")[2].partition("/")[0]
        return Location.of_bucket(path, f"{bucket}/objects")

    def made_once(self, store: "GcsStore") -> bool:
        """A custom role for each purpose, also where the bucket is yours."""
        return True

    def made_in_store(self, store: str, purpose: Purpose, path: str) -> tuple[str, ...]:
        return (*super().made_in_store(store, purpose, path), f"{store}-{purpose.lower()}-role")

    def causes(self) -> "Causes":
        from lightly_access.kinds.gcs.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.gcs.probe import GCS

        return GCS

    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: "GcsStore") -> "Analysis":
        from lightly_access.kinds.gcs.analysis import analysis

        return analysis(dataset, purpose, source, store)

    def granted(self, found: "Granted") -> "Analysis | None":
        from lightly_access.kinds.gcs.granted import analysis

        return analysis(found)

    def handoff(self) -> "Handoff":
        from lightly_access.kinds.gcs.handoff import GcsHandoff

        return GcsHandoff()

    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        from lightly_access.kinds.gcs.audit.look import look

        return look(dataset, source, now)

    def drift(self, deployed: "DeployedAccess", stack: "Stack", owner: str | None, once: "Once") -> "Drift":
        from lightly_access.kinds.gcs.drift.look import look

        return look(deployed, stack, owner, once)

    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        project = source.values.get("projectId") or source.values.get("keyProjectId") or "PROJECT"
        return {"kind": "gcs", "bucket": source.bucket, "project": project}, ""

    def refusals(self, text: str) -> "Iterator[tuple[int, Explanation]]":
        from lightly_access.kinds.gcs.refusals import found

        return found(text)

    def explained(self) -> "Iterator[Explanation]":
        from lightly_access.kinds.gcs.refusals import known

        return known()

    def logins(self, stack: "Stack") -> "Iterator[Question]":
        from lightly_access.kinds.gcs import doctor

        return doctor.questions(stack)

    def deployer(self, asked: "Asked") -> "Deployer":
        from lightly_access.kinds.gcs import deployer

        return deployer.deployer(asked)

    def recovery(self) -> "Mapping[str, Way]":
        from lightly_access.kinds.gcs.recover import WAYS

        return WAYS

    def ending(self) -> "Ending":
        from lightly_access.kinds.gcs.ending import GcsEnding

        return GcsEnding()
