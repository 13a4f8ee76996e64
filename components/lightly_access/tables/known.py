"""The names that a table may use, as its checker knows them: pydantic hands them on as the validation's context."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationInfo

from lightly_access.kinds.access_kind import AccessKind

_KEY = "known"


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names of what is declared, and the words for what there is. Each word -> the one that is meant by it."""

    stores: Collection[str] = ()
    accounts: Collection[str] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    clouds: Mapping[str, str] = field(default_factory=dict)
    accesses: Mapping[str, AccessKind] = field(default_factory=dict)

    def context(self) -> dict[str, Any]:
        """For `model_validate`."""
        return {_KEY: self}


def known_names(info: ValidationInfo) -> KnownNames | None:
    """The names of this validation; None for a table that is validated alone: then every name is taken on trust."""
    found = (info.context or {}).get(_KEY)
    return found if isinstance(found, KnownNames) else None


def chosen_access(info: ValidationInfo) -> AccessKind | None:
    """The access that the datasource under validation has chosen; None when it is missing or wrong."""
    known = known_names(info)
    return known.accesses.get(info.data.get("access", "")) if known else None
