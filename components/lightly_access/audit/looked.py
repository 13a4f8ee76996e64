"""What a look at one datasource brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_access.audit.finding import Finding, Unreadable
from lightly_access.audit.imports import Spec
from lightly_access.audit.registered import Registered


@dataclass(frozen=True, slots=True)
class Looked:
    """One datasource, looked at: its findings, what could not be read, and what an import would take over."""

    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    imports: tuple[Spec, ...] = ()
    target: Mapping[str, Any] = field(default_factory=dict)
    """Name -> document: what the purpose needs at least."""
    obstacle: str = ""
    """Why nothing of it can be imported, where that is so."""

    @classmethod
    def nothing(cls, source: Registered, reason: str) -> "Looked":
        """Of a datasource behind which nothing can be read."""
        return cls(unreadable=(Unreadable(f"what is behind {source.path}", "", reason, str(source.purpose)),))
