"""Faults of the local Google Cloud: beside those of every cloud, slow propagation and organisation policies.

`{"propagation": {"invalid_seconds": n, "denied_seconds": m}}`: for n seconds a new key's signatures are unknown and a
new account cannot be named in a policy, and for n + m seconds a new binding has no effect. `{"org_policy": name}`, with
`hours` for `iam.serviceAccountKeyExpiryHours`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lightly_sandbox.emulators import faults
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.accounts import Accounts
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError

_NO_KEYS = ("iam.disableServiceAccountKeyCreation", "iam.managed.disableServiceAccountKeyCreation")
_EXPIRY = "iam.serviceAccountKeyExpiryHours"


class Faults(faults.Faults):
    """The active faults."""

    known = faults.Faults.known | {"org_policy"}

    def __init__(self, clock: Clock, accounts: Accounts) -> None:
        super().__init__(clock)
        self._accounts = accounts

    def replace(self, active: Sequence[Mapping[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError naming what is not known."""
        policies = {
            str(fault["org_policy"]).removeprefix("constraints/"): fault for fault in active if "org_policy" in fault
        }
        if unknown := policies.keys() - {*_NO_KEYS, _EXPIRY}:
            raise faults.UnknownFaultError(f"org_policy: got {min(unknown)!r}, expected one of {', '.join(_NO_KEYS)}")
        super().replace(active)
        self._accounts.no_keys = next((name for name in _NO_KEYS if name in policies), "")
        self._accounts.key_hours = float(policies.get(_EXPIRY, {}).get("hours", 0))

    def fail(self, action: str) -> None:
        """Raises RefusedError when a call of this action is to fail."""
        if fault := self.striking(action):
            reason = str(fault.get("reason", "backendError"))
            message = str(fault.get("message", "We encountered an internal error. Please try again."))
            code = str(fault.get("code", "ServiceUnavailable"))
            raise RefusedError(int(fault.get("status", 503)), reason, message, code)
