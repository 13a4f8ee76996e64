"""Faults that a test asks for: slow or failing calls, slow propagation, organisation policies, a clock that is off.

`{"propagation": {"invalid_seconds": n, "denied_seconds": m}}`: for n seconds a new key's signatures are unknown and a
new account cannot be named in a policy, and for n + m seconds a new binding has no effect. `{"org_policy": name}`,
with `hours` for `iam.serviceAccountKeyExpiryHours`. `{"action", "status"?, "message"?, "reason"?, "times"?}`,
`{"latency_ms"}` and `{"clock_offset_seconds"}` as at the local AWS.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from lightly_sandbox.kinds.gcs.emulator.accounts import Accounts
from lightly_sandbox.kinds.gcs.emulator.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError

_KNOWN = {"propagation", "latency_ms", "action", "clock_offset_seconds", "org_policy"}
_NO_KEYS = ("iam.disableServiceAccountKeyCreation", "iam.managed.disableServiceAccountKeyCreation")
_EXPIRY = "iam.serviceAccountKeyExpiryHours"


class UnknownFaultError(ValueError):
    """A fault that this server does not have."""


class Faults:
    """The active faults."""

    def __init__(self, clock: Clock, accounts: Accounts) -> None:
        self._clock, self._accounts = clock, accounts
        self._latency = self._invalid = self._denied = 0.0
        self._failing: list[dict[str, Any]] = []

    def replace(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError naming what is not known."""
        for fault in faults:
            policy = str(fault.get("org_policy", _EXPIRY)).removeprefix("constraints/")
            if not set(fault) & _KNOWN or policy not in (*_NO_KEYS, _EXPIRY):
                raise UnknownFaultError(f"got {fault!r}, expected one of {', '.join(sorted(_KNOWN))}")
        self._latency = _first(faults, "latency_ms", 0.0) / 1000
        self._clock.offset = _first(faults, "clock_offset_seconds", 0.0)
        propagation = _first(faults, "propagation", {})
        self._invalid = float(propagation.get("invalid_seconds", 0))
        self._denied = self._invalid + float(propagation.get("denied_seconds", 0))
        self._failing = [dict(fault) for fault in faults if "action" in fault]
        policies = {str(it["org_policy"]).removeprefix("constraints/"): it for it in faults if "org_policy" in it}
        self._accounts.no_keys = next((name for name in _NO_KEYS if name in policies), "")
        self._accounts.key_hours = float(policies.get(_EXPIRY, {}).get("hours", 0))

    def delay(self) -> None:
        """The latency of every call."""
        if self._latency:
            time.sleep(self._latency)

    def fail(self, action: str) -> None:
        """Raises RefusedError when a call of this action is to fail; `times` counts down."""
        for fault in self._failing:
            if fault["action"] == action and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                reason = str(fault.get("reason", "backendError"))
                message = str(fault.get("message", "We encountered an internal error. Please try again."))
                raise RefusedError(
                    int(fault.get("status", 503)), reason, message, str(fault.get("code", "ServiceUnavailable"))
                )

    def key_not_yet_known(self, age: float) -> bool:
        """Whether a key of this age in seconds is still unknown to those who check signatures."""
        return age < self._invalid

    def account_not_yet_known(self, age: float) -> bool:
        """Whether an account of this age cannot yet be named in a policy."""
        return age < self._invalid

    def binding_not_yet_in_force(self, age: float) -> bool:
        """Whether a binding of this age still grants nothing."""
        return age < self._denied


def _first(faults: Sequence[Mapping[str, Any]], name: str, otherwise: Any) -> Any:
    return next((fault[name] for fault in faults if name in fault), otherwise)
