"""Faults of the local AWS: beside those of every cloud, new access keys and roles that are known late."""

import re

from lightly_sandbox.emulators import faults
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError, denied, unauthenticated
from lightly_sandbox.kinds.s3.emulator.operation import Operation


class Faults(faults.Faults):
    """`propagation`: for `invalid_seconds` a new key is unknown and a new role cannot be assumed, for `denied_seconds`
    more neither has a permission.

    When every access key and role was made is kept always, so that a fault set later still knows what is new.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._made: dict[str, float] = {}

    def made(self, operation: Operation, body: bytes) -> None:
        """Note when an access key or a role was made."""
        if operation.name == "CreateAccessKey" and (match := re.search(rb"<AccessKeyId>(\w+)</AccessKeyId>", body)):
            self._made[match[1].decode()] = self.clock.now()
        elif operation.name == "CreateRole":
            self._made[operation.checks[0].resource] = self.clock.now()

    def not_yet_known(self, access_key_id: str, protocol: Protocol) -> None:
        """Raises RefusedError while a new access key is unknown to the service."""
        if self._age(access_key_id) < self.invalid:
            raise unauthenticated("unknown key", protocol)

    def not_yet_allowed(self, caller: Caller, operation: Operation, sentence: str, protocol: Protocol) -> None:
        """Raises RefusedError while a new key's or role's permissions are not yet known, or a role not yet
        assumable.
        """
        name = caller.principal.role_arn or caller.access_key_id
        assumed = operation.checks[0].resource if operation.name == "AssumeRole" and operation.checks else ""
        if self._age(name) < self.denied or (assumed and self._age(assumed) < self.invalid):
            raise denied(sentence, protocol)

    def fail(self, operation: Operation) -> None:
        """Raises RefusedError when a call of this action is to fail."""
        if fault := self.striking(operation.action):
            code = str(fault.get("code", "ServiceUnavailable"))
            raise RefusedError(code, str(fault.get("message", "Please try again.")), int(fault.get("status", 503)))

    def _age(self, name: str) -> float:
        made = self._made.get(name)
        return float("inf") if made is None else self.clock.now() - made
