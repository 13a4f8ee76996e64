"""Faults that a test asks of a local cloud.

`{"latency_ms": n}`: every call takes longer. `{"action", "status"?, "code"?, "message"?, "times"?}`: calls of this
action fail, once or `times`. `{"clock_offset_seconds": n}`: the clock is off. `{"propagation": {...}}`: what is new is
known late; each cloud says in its own class what it is that comes late.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from lightly_sandbox.emulators.clock import Clock

_KNOWN = frozenset({"action", "clock_offset_seconds", "latency_ms", "propagation"})


class UnknownFaultError(ValueError):
    """A fault that this server does not have."""


class Faults:
    """The active faults of a cloud. Safe for many threads."""

    known = _KNOWN

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.invalid = 0.0
        """For so many seconds a new credential is unknown."""
        self.denied = 0.0
        """For so many seconds, those included, it has no permission."""
        self._latency = 0.0
        self._failing: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def replace(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError naming what is not known."""
        for fault in faults:
            if not set(fault) & self.known:
                raise UnknownFaultError(f"got {fault!r}, expected one of {', '.join(sorted(self.known))}")
        self._latency = float(first(faults, "latency_ms", 0)) / 1000
        self.clock.offset = float(first(faults, "clock_offset_seconds", 0))
        propagation = first(faults, "propagation", {})
        self.invalid = float(propagation.get("invalid_seconds", 0))
        self.denied = self.invalid + float(propagation.get("denied_seconds", 0))
        with self._lock:
            self._failing = [dict(fault) for fault in faults if "action" in fault]

    def delay(self) -> None:
        if self._latency:
            time.sleep(self._latency)

    def striking(self, action: str) -> Mapping[str, Any] | None:
        """The fault by which a call of this action fails now; `times` counts down."""
        with self._lock:
            for fault in self._failing:
                if fault["action"] == action and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    return fault
        return None


def first(faults: Sequence[Mapping[str, Any]], name: str, otherwise: Any) -> Any:
    """What the first fault that speaks of `name` says."""
    return next((fault[name] for fault in faults if name in fault), otherwise)
