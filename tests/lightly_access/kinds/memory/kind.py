"""Memory as a kind of store."""

from datetime import datetime
from typing import Any

from lightly_access.analysis.datasource import Analysis
from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.looked import Looked
from lightly_access.audit.registered import Registered
from lightly_access.kinds.access_kind import AccessKind, SharedSecret
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.builder import Builder
from lightly_access.kinds.causes import Causes
from lightly_access.kinds.handoff import Handoff, Terms
from lightly_access.kinds.kind import Kind
from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.tables.datasource import Datasource
from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from tests.lightly_access.kinds.memory import registration
from tests.lightly_access.kinds.memory.analysis import analysis
from tests.lightly_access.kinds.memory.builder import MemoryBuilder
from tests.lightly_access.kinds.memory.causes import TREE
from tests.lightly_access.kinds.memory.external import HANDLE as EXTERNAL
from tests.lightly_access.kinds.memory.probe import MEMORY
from tests.lightly_access.kinds.memory.store import MemoryStore

HANDLE = AccessKind(
    name="handle",
    meaning="a handle that we make, for memory",
    registration=registration.HANDLE,
    credential="handle",
    described="a handle",
    config_entry="the handle",
    shared=SharedSecret("credentials", "handle", "shared-secret"),
    options=frozenset({"secret"}),
    external=lambda: EXTERNAL,
    no_policy="a handle has no policy",
)


class MemoryHandoff(Handoff):
    """Words alone."""

    terms = {"handle": Terms("a handle that you make", ("a handle opens one directory.",))}  # noqa: RUF012 - is not


class MemoryKind(Kind):
    """Spaces of a process, by handles."""

    name = "memory"
    other_names = ("ram",)
    accesses = (HANDLE,)
    no_other_access = "a space knows handles alone"
    container = "space"

    def table(self) -> type[MemoryStore]:
        return MemoryStore

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, "memory://", lambda name: None if name.isalpha() else Fault("a space's name"))

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"memory://{store.space}/{path}"

    def builder(self) -> Builder:
        return MemoryBuilder()

    def causes(self) -> Causes:
        return TREE

    def probe(self) -> ProbeCredential:
        return MEMORY

    def analysis(self, dataset: str, purpose: Purpose, source: Datasource, store: MemoryStore) -> Analysis:
        return analysis(dataset, purpose, source, store)

    def handoff(self) -> Handoff:
        return MemoryHandoff()

    def audit(self, dataset: str, source: Registered, now: datetime) -> Looked:
        why = "memory is forgotten"
        found = Finding(Severity.LOW, "volatile", "nothing is kept", source.path, why, "keep the data elsewhere")
        return Looked((found,))

    def store_lines(self, source: Registered) -> tuple[dict[str, str], str]:
        return {"kind": "memory", "space": source.bucket}, ""
