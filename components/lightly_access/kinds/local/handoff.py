"""What is asked of whoever runs the Lightly Worker: a folder."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from lightly_access.handoff.request import Request
from lightly_access.kinds.handoff import Handoff, Terms
from lightly_access.kinds.local.store import LocalStore
from lightly_access.tables.datasource import Datasource


class LocalHandoff(Handoff):
    """Words alone."""

    terms: ClassVar[Mapping[str, Terms]] = {
        "mount": Terms(
            "a folder that is mounted into the Lightly Worker on your own machine",
            ("INPUT is mounted read only; Lightly's servers never see this disk.",),
        )
    }

    def place(self, store: LocalStore, source: Datasource, registered: str) -> str:
        return f"the folder {source.path or '.'} of the mount"

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        for request in requests:
            yield f"For {request.purpose}: keep {request.place} ready on the machine of the Lightly Worker."
