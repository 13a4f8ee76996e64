"""What one run of Pulumi did, told while it goes on and when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = dict[str, Any]
"""A deployment as `pulumi stack export` writes it."""
Kind = Literal["step-started", "step-done", "step-failed", "status", "diagnostic"]


@dataclass(frozen=True)
class Event:
    """Something that happens in a run. `op`, `urn` and `message` are empty where they do not apply."""

    kind: Kind
    op: str = ""
    urn: str = ""
    message: str = ""


@dataclass(frozen=True)
class Step:
    """One step, done or, in a preview, foreseen; `diffs` are the properties that differ."""

    op: str
    urn: str
    diffs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one run did: whether it succeeded, how many resources it touched, and what it said."""

    ok: bool
    changes: Mapping[str, int] = field(default_factory=dict)
    """How many resources by Pulumi's operation; default providers are not counted."""
    diagnostics: tuple[str, ...] = ()
    verifying: float = 0.0
    """Seconds from the first verification's begin to the last one's end."""
    steps: tuple[Step, ...] = ()

    @property
    def created(self) -> int:
        return self.changes.get("create", 0)

    @property
    def updated(self) -> int:
        return self.changes.get("update", 0)

    @property
    def replaced(self) -> int:
        return self.changes.get("replace", 0)

    @property
    def deleted(self) -> int:
        return self.changes.get("delete", 0)

    @property
    def unchanged(self) -> bool:
        """Whether nothing was touched."""
        return not (self.created or self.updated or self.replaced or self.deleted)

    def says(self, *words: str) -> bool:
        """Whether one diagnostic holds all these words."""
        return any(all(word.lower() in text.lower() for word in words) for text in self.diagnostics)
