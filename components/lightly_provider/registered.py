"""What is registered at Lightly for one purpose, as far as it can be told from another registration. Pure.

Lightly masks secrets; what it hides tells nothing apart. Two registrations are one when their kind of access, their
path and whatever is known of the identity agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lightly_access.kinds import registry
from lightly_access.kinds.cause import Cause
from lightly_access.kinds.general_causes import ANOTHER_REGISTERED, NOTHING_REGISTERED
from lightly_access.kinds.verified import VerifiedAccess
from lightly_api.registration import Registration, shown
from lightly_core.capability import Purpose
from lightly_core.pulumi_values import Properties, plain


@dataclass(frozen=True, slots=True)
class Registered:
    """Where Lightly reads or writes, and who it is there; what is not known is empty."""

    kind: str
    access: str
    path: str
    identity: str

    @classmethod
    def seen(cls, found: Mapping[str, Any], purpose: Purpose) -> "Registered":
        """Of Lightly's answer; also of a kind of store that we do not know."""
        found_as = registry.registered_as(found.get("type"))
        if found_as is None:
            return cls(str(found.get("type", "")).lower(), "", str(found.get("fullPath", "")), "")
        kind, access = found_as
        registration = access.registration
        values = {each.name: shown(found, each.field) for each in registration.properties}
        return cls(kind.name, access.name, registration.read(found, purpose), _identity(registration, values))

    @classmethod
    def of(cls, properties: Properties) -> "Registered":
        """Of a datasource's own properties."""
        kind, access, path = (_text(properties, name) for name in ("kind", "access", "path"))
        known = registry.accesses().get(access)
        if known is None:
            return cls(kind, access, path, "")
        values = {each.name: _text(properties, each.name) for each in known.registration.properties}
        return cls(kind, access, path, _identity(known.registration, values))

    @classmethod
    def verified(cls, access: VerifiedAccess) -> "Registered":
        """What a verification is told is registered."""
        return cls(access.kind, access.access.name, access.path, access.identity)

    def is_(self, other: "Registered") -> bool:
        """Whether nothing that is known of both differs."""
        return (
            (self.kind, self.access) == (other.kind, other.access)
            and _same(self.path.rstrip("/"), other.path.rstrip("/"))
            and _agree(self.identity, other.identity)
        )

    def __str__(self) -> str:
        path, known = self.path or "a path that Lightly hides", registry.accesses().get(self.access)
        if known and self.identity:
            return f"{path} with {known.credential} {self.identity}"
        return f"{path} (access: {self.access})" if known else path


def _identity(registration: Registration, values: Mapping[str, str]) -> str:
    told = {**values, **registration.told({name: values[name] for name in registration.secrets})}
    return told.get(registration.identity) or registration.mark(values)


def _text(properties: Properties, name: str) -> str:
    value = plain(properties.get(name))
    return value if isinstance(value, str) else ""


def _same(one: str, other: str) -> bool:
    """Or one is not known."""
    return not one or not other or one == other


def _agree(one: str, other: str) -> bool:
    """One may be the end of the other: what Lightly shows of a token is the last part of its name."""
    return not one or not other or one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


def another_one(there: Registered | None, ours: Registered) -> Cause:
    """Why a light is red when Lightly has something else than what we registered, or nothing."""
    if there is None:
        return NOTHING_REGISTERED.cause({"ours": str(ours)})
    return ANOTHER_REGISTERED.cause({"there": str(there), "ours": str(ours)})
