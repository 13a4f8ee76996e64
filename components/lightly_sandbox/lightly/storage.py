"""The storage within reach of the local Lightly: of every kind whose cloud was started."""

from collections.abc import Callable, Mapping
from typing import Any

from lightly_sandbox.kinds import registry
from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.findings import Findings
from lightly_sandbox.lightly.models import AnyDatasource


class Storages:
    """What is within reach from here."""

    def __init__(self, *storages: Storage) -> None:
        self._by_type = {its: storage for storage in storages for its in storage.types}

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Storages":
        """From the settings line: every kind whose cloud is in it."""
        return cls(*(storage for kind in registry.ROWS if (storage := kind.storage().of(settings))))

    def look(self, source: AnyDatasource, *, writing: bool) -> Callable[[], Findings]:
        """How one datasource is looked at. Raises ApiError 400 when it is out of reach."""
        storage = self._by_type.get(type(source))
        if storage is None:
            raise ApiError(
                400,
                Code.DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED,
                f"this local Lightly cannot verify a datasource of type {source.type}",
            )
        return lambda: storage.look(source, writing=writing)


def check(source: AnyDatasource) -> None:
    """Raise ApiError 400 when the path or the credential can mean nothing for this type; storage of Lightly's own is
    not checked.
    """
    for kind in registry.ROWS:
        if type(source) in (storage := kind.storage()).types:
            storage.check(source)
