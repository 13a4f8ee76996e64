"""What is asked of whoever owns a bucket of an S3-compatible service: a key."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from lightly_access.handoff.request import Request
from lightly_access.kinds.handoff import Handoff, Terms
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.tables.datasource import Datasource


class ObsHandoff(Handoff):
    """Words alone: services differ in how a key is made."""

    terms: ClassVar[Mapping[str, Terms]] = {
        "key": Terms(
            "an access key that you make",
            ("Lightly has no roles for S3-compatible services; bind the key to the directory if your service can.",),
        )
    }

    def place(self, store: ObsStore, source: Datasource, registered: str) -> str:
        return f"{registered} at {store.endpoint}"

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        for request in requests:
            can = f"can {request.capabilities} in {request.place}"
            yield f"For {request.purpose}: make an access key that {can}, and nothing more."
