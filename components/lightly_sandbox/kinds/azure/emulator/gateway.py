"""The gate: one request from a listener to its answer. Nothing reaches Azurite but what was looked at here."""

import secrets
import sys
import traceback
import uuid
from dataclasses import replace
from email.utils import format_datetime

from lightly_sandbox.kinds.azure.emulator import control
from lightly_sandbox.kinds.azure.emulator.accounts import Accounts
from lightly_sandbox.kinds.azure.emulator.arm import ResourceManager
from lightly_sandbox.kinds.azure.emulator.azurite import Azurite
from lightly_sandbox.kinds.azure.emulator.backend import Backend
from lightly_sandbox.kinds.azure.emulator.clock import Clock
from lightly_sandbox.kinds.azure.emulator.control import Control, Counts
from lightly_sandbox.kinds.azure.emulator.data import DataPlane
from lightly_sandbox.kinds.azure.emulator.faults import Faults
from lightly_sandbox.kinds.azure.emulator.identity import Identity
from lightly_sandbox.kinds.azure.emulator.messages import Answer, RefusedError, Request, arm_error, storage_error
from lightly_sandbox.kinds.azure.emulator.policies import Policies

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
        self._control = Control(nonce, self.counts, self.faults)
        self._data, self._arm = DataPlane(self), ResourceManager(self)

    def secure(self, request: Request) -> Answer:
        """What the TLS port answers: data."""
        self.faults.delay()
        return self._whole(request)

    def plain(self, request: Request) -> Answer:
        """What the plain port answers: the control plane, tokens, Resource Manager, and data over http."""
        if request.raw_path == control.PREFIX or request.raw_path.startswith(f"{control.PREFIX}/"):
            return self._control.answer(request)
        self.faults.delay()
        first = request.raw_path.split("/")[1].lower()
        if first == "_identity":
            return self.identity.answer(request)
        return self._whole(request, arm=first in _ARM)

    def stop(self) -> None:
        """End Azurite."""
        self._azurite.stop()

    def _whole(self, request: Request, *, arm: bool = False) -> Answer:
        try:
            answered = self._arm.answer(request) if arm else self._data.answer(request)
            date = {"Date": format_datetime(self.clock.date(), usegmt=True)}  # the moved one: Node's own does not move
            return replace(answered, headers={**answered.headers, **date})
        except Exception:
            traceback.print_exc(file=sys.stderr)
            broken = RefusedError("InternalError", "The server encountered an internal error. Please retry.", 500)
            return arm_error(broken) if arm else storage_error(broken, head=request.head)
