"""Faults of the local Azure: beside those of every cloud, stored access policies that work late."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lightly_sandbox.emulators import faults
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.policies import Policies


class Faults(faults.Faults):
    """`propagation`: `policy_seconds`. `moved` is called when the clock was moved, so that Azurite's moves along."""

    def __init__(self, clock: Clock, policies: Policies, moved: Callable[[], None]) -> None:
        super().__init__(clock)
        self._policies, self._moved = policies, moved

    def replace(self, active: Sequence[Mapping[str, Any]]) -> None:
        """Take these for the active ones. Raises UnknownFaultError."""
        before = self.clock.offset
        super().replace(active)
        self._policies.delay = float(faults.first(active, "propagation", {}).get("policy_seconds", 0))
        if self.clock.offset != before:
            self._moved()

    def fail(self, action: str) -> None:
        """Raises RefusedError when a call of this action is to fail."""
        if fault := self.striking(action):
            message = str(fault.get("message", "The server is currently unable to receive requests."))
            raise RefusedError(str(fault.get("code", "ServerBusy")), message, int(fault.get("status", 503)))
