"""What a kind of credential has to say: which properties it comes in, and the target that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.fault import Fault

from lightly_access.kinds.probe import Target
from lightly_access.kinds.verified import VerifiedAccess


@dataclass(frozen=True, slots=True)
class ProbeCredential:
    """The texts and flags of `credentials.<purpose>`, for one kind of store."""

    rules: Mapping[str, Callable[[str], Fault | None]]
    needed: tuple[str, ...]
    """Those of the rules without which there is none."""
    target: Callable[[VerifiedAccess, Mapping[str, Any]], Target]
    """The target of a checked table, out of its envelopes."""
    flags: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every property that there is."""
        return (*self.rules, *self.flags)
