"""The gateway: one request from a listener to its answer. Nothing reaches Azurite but what was looked at here."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime

from lightly_sandbox.emulators import messages
from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.control import Control
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator.accounts import Accounts
from lightly_sandbox.kinds.azure.emulator.arm import ResourceManager
from lightly_sandbox.kinds.azure.emulator.azurite import Azurite
from lightly_sandbox.kinds.azure.emulator.backend import Backend
from lightly_sandbox.kinds.azure.emulator.data import DataPlane
from lightly_sandbox.kinds.azure.emulator.faults import Faults
from lightly_sandbox.kinds.azure.emulator.identity import Identity
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request, read, storage_error
from lightly_sandbox.kinds.azure.emulator.policies import Policies

LARGEST_BODY = 64 * 1024 * 1024
_ARM = ("subscriptions", "providers")


class Gateway:
    """Everything that the local Azure knows besides Azurite.

    There is one principal, the deployer: owner of the subscription and of all blobs in it. `token` is his bearer token
    for Resource Manager and for data.
    """

    def __init__(self, nonce: str) -> None:
        self.subscription, self.tenant, self.principal = (str(uuid.uuid4()) for _ in range(3))
        self.token = secrets.token_urlsafe(32)
        self.data_endpoint = ""
        self.clock = Clock()
        self.counts = Counts()
        self._azurite = Azurite()
        self.backend = Backend(self._azurite.port)
        self.accounts = Accounts(lambda keys: self._azurite.tell(keys, self.clock.offset))
        self.policies = Policies(self.clock)
        self.faults = Faults(self.clock, self.policies, self.accounts.changed)
        self.identity = Identity(self.token, self.clock)
        self._control = Control("azure", nonce, self.counts, self.faults)
        self._data, self._arm = DataPlane(self), ResourceManager(self)

    def secure(self, raw: messages.Request) -> Answer:
        """What the TLS port answers: data."""
        self.faults.delay()
        return self._dated(raw, self._data.answer)

    def plain(self, raw: messages.Request) -> Answer:
        """What the plain port answers: the control plane, tokens, Resource Manager, and data over http."""
        if controlled := self._control.answer(raw):
            return controlled
        self.faults.delay()
        first = raw.path.split("/")[1].lower() if "/" in raw.path else ""
        if first == "_identity":
            return self._dated(raw, self.identity.answer)
        return self._dated(raw, self._arm.answer if first in _ARM else self._data.answer)

    def stop(self) -> None:
        self._azurite.stop()

    def _dated(self, raw: messages.Request, answer: Callable[[Request], Answer]) -> Answer:
        try:
            answered = answer(read(raw))
        except RefusedError as refused:
            answered = storage_error(refused, head=raw.method == "HEAD")
        date = {"Date": format_datetime(self.clock.date(), usegmt=True)}  # the moved one: Node's own does not move
        return replace(answered, headers={**answered.headers, **date})
