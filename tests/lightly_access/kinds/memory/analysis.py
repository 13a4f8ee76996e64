"""What a handle opens."""

from collections.abc import Iterator

from lightly_access.analysis.case import Case
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.tables.datasource import Datasource
from lightly_core.capability import Capability, Purpose, expected
from lightly_policies.case import Place

from tests.lightly_access.kinds.memory.store import MemoryStore


def analysis(dataset: str, purpose: Purpose, source: Datasource, store: MemoryStore) -> Analysis:
    """Its directory, and nothing beside it."""
    words = Words("a handle", "whoever holds the handle", "while the process runs", "what the handle opens")
    path = f"memory://{store.space}/{source.path}"
    return Analysis(dataset, purpose, store.kind, source.access, path, words, tuple(_cases(purpose)))


def _cases(purpose: Purpose) -> Iterator[Case]:
    wanted = expected(purpose)
    for capability in Capability:
        inside = wanted[capability]
        yield Case(f"{capability} in the path", capability, Place.INSIDE, inside, inside, "the handle", "handle")
        for place in (Place.BESIDE, Place.ELSEWHERE):
            yield Case(f"{capability} {place}", capability, place, False, False, "the handle does not open it", None)
