"""How the local Lightly gets at the storage that a datasource names: the shape of each kind's class."""

import abc
from collections.abc import Mapping
from typing import Any, Self

from lightly_sandbox.lightly.findings import Findings
from lightly_sandbox.lightly.models import AnyDatasource


class Storage(abc.ABC):
    """Storage of one kind."""

    types: tuple[type[AnyDatasource], ...]
    """The datasources that name it."""

    @classmethod
    @abc.abstractmethod
    def of(cls, settings: Mapping[str, Any]) -> Self | None:
        """From the settings line; None when it is out of reach from here."""

    @classmethod
    @abc.abstractmethod
    def check(cls, source: Any) -> None:
        """Raise ApiError 400 when the path or the credential can mean nothing for this type.

        Whether the real API checks schemes at registration is not known; what is refused here could never be listed.
        """

    @abc.abstractmethod
    def look(self, source: Any, *, writing: bool) -> Findings:
        """Ask list and read, and with `writing` also write and overwrite."""
