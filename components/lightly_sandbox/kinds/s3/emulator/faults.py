"""Faults that a test asks for: propagation of new IAM objects, latency, failing calls, a clock that is off."""

import re
import time
from collections.abc import Sequence
from typing import Any

from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.clock import Clock
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError, denied, unauthenticated
from lightly_sandbox.kinds.s3.emulator.operation import Operation

_KNOWN = {"propagation", "latency_ms", "action", "clock_offset_seconds"}


class UnknownFaultError(ValueError):
    """A fault that this server does not have."""


class Faults:
    """The active faults, and when every access key and role was made.

    Making times are kept always, so that a fault set later still knows what is new.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._made: dict[str, float] = {}
        self._latency = 0.0
        self._invalid = 0.0
        self._denied = 0.0
        self._failing: list[dict[str, Any]] = []

    def replace(self, faults: Sequence[dict[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError naming what is not known."""
        for fault in faults:
            if not set(fault) & _KNOWN:
                raise UnknownFaultError(f"got {fault!r}, expected one of {', '.join(sorted(_KNOWN))}")
        self._latency = next((float(f["latency_ms"]) / 1000 for f in faults if "latency_ms" in f), 0.0)
        self.clock.offset = next((float(f["clock_offset_seconds"]) for f in faults if "clock_offset_seconds" in f), 0.0)
        propagation: dict[str, Any] = next((f["propagation"] for f in faults if "propagation" in f), {})
        self._invalid = float(propagation.get("invalid_seconds", 0))
        self._denied = self._invalid + float(propagation.get("denied_seconds", 0))
        self._failing = [dict(fault) for fault in faults if "action" in fault]

    def delay(self) -> None:
        """The latency of every call."""
        if self._latency:
            time.sleep(self._latency)

    def made(self, operation: Operation, body: bytes) -> None:
        """Note when an access key or a role was made."""
        if operation.name == "CreateAccessKey" and (match := re.search(rb"<AccessKeyId>(\w+)</AccessKeyId>", body)):
            self._made[match[1].decode()] = self.clock.now()
        elif operation.name == "CreateRole":
            self._made[operation.checks[0].resource] = self.clock.now()

    def not_yet_known(self, access_key_id: str, protocol: Protocol) -> None:
        """Raises RefusedError while a new access key is unknown to the service."""
        if self._age(access_key_id) < self._invalid:
            raise unauthenticated("unknown key", protocol)

    def not_yet_allowed(self, caller: Caller, operation: Operation, sentence: str, protocol: Protocol) -> None:
        """Raises RefusedError while a new key's or role's permissions are not yet known, or a role not yet
        assumable.
        """
        name = caller.principal.role_arn or caller.access_key_id
        assumed = operation.checks[0].resource if operation.name == "AssumeRole" and operation.checks else ""
        if self._age(name) < self._denied or (assumed and self._age(assumed) < self._invalid):
            raise denied(sentence, protocol)

    def fail(self, operation: Operation) -> None:
        """Raises RefusedError when a call of this action is to fail; `times` counts down."""
        for fault in self._failing:
            if fault["action"] == operation.action and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                code = str(fault.get("code", "ServiceUnavailable"))
                raise RefusedError(code, str(fault.get("message", "Please try again.")), int(fault.get("status", 503)))

    def _age(self, name: str) -> float:
        made = self._made.get(name)
        return float("inf") if made is None else self.clock.now() - made
