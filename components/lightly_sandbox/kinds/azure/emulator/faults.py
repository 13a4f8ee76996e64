"""Faults that a test asks for: latency, failing calls, a clock that is off, stored policies that work late."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from lightly_sandbox.kinds.azure.emulator.clock import Clock
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.policies import Policies

_KNOWN = {"action", "clock_offset_seconds", "latency_ms", "propagation"}


class UnknownFaultError(ValueError):
    """A fault that this server does not have."""


class Faults:
    """The active faults. `moved` is called when the clock was moved, so that Azurite's moves along."""

    def __init__(self, clock: Clock, policies: Policies, moved: Callable[[], None]) -> None:
        self._clock, self._policies, self._moved = clock, policies, moved
        self._latency = 0.0
        self._failing: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def replace(self, faults: Sequence[dict[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError naming what is not known."""
        for fault in faults:
            if not set(fault) & _KNOWN:
                raise UnknownFaultError(f"got {fault!r}, expected one of {', '.join(sorted(_KNOWN))}")
        self._latency = next((float(f["latency_ms"]) / 1000 for f in faults if "latency_ms" in f), 0.0)
        propagation: dict[str, Any] = next((f["propagation"] for f in faults if "propagation" in f), {})
        self._policies.delay = float(propagation.get("policy_seconds", 0))
        offset = next((float(f["clock_offset_seconds"]) for f in faults if "clock_offset_seconds" in f), 0.0)
        if offset != self._clock.offset:
            self._clock.offset = offset
            self._moved()
        with self._lock:
            self._failing = [dict(fault) for fault in faults if "action" in fault]

    def delay(self) -> None:
        """The latency of every call."""
        if self._latency:
            time.sleep(self._latency)

    def fail(self, action: str) -> None:
        """Raises RefusedError when a call of this action is to fail; `times` counts down."""
        with self._lock:
            for fault in self._failing:
                if fault["action"] == action and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    code = str(fault.get("code", "ServerBusy"))
                    message = str(fault.get("message", "The server is currently unable to receive requests."))
                    raise RefusedError(code, message, int(fault.get("status", 503)))
