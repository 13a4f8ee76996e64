"""What the local Azure knows besides what Azurite stores."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.kinds.azure.emulator.access import Access
from lightly_sandbox.kinds.azure.emulator.accounts import Accounts
from lightly_sandbox.kinds.azure.emulator.azurite import Azurite
from lightly_sandbox.kinds.azure.emulator.backend import Backend
from lightly_sandbox.kinds.azure.emulator.faults import Faults
from lightly_sandbox.kinds.azure.emulator.identity import Identity
from lightly_sandbox.kinds.azure.emulator.policies import Policies
from lightly_sandbox.kinds.azure.emulator.principals import Principals


class LocalAzure:
    """The deployer owns every subscription and all blobs in it; other principals have the roles that they are given."""

    def __init__(self, azurite: Path, subscription: str | None = None) -> None:
        """`azurite`: where it is installed."""
        self.subscription, self.tenant = subscription or str(uuid.uuid4()), str(uuid.uuid4())
        self.principals = Principals()
        self.data_endpoint = ""
        self.clock = Clock()
        self.counts = Counts()
        self.access = Access(self.principals.deployer, self.counts)
        self._azurite = Azurite(azurite)
        self.backend = Backend(self._azurite.port)
        self.accounts = Accounts(lambda keys: self._azurite.tell(keys, self.clock.offset))
        self.policies = Policies(self.clock)
        self.faults = Faults(self.clock, self.policies, self.accounts.changed)
        self.identity = Identity(self.principals, self.clock)

    def stop(self) -> None:
        self._azurite.stop()


@dataclass(frozen=True, slots=True)
class Subscription:
    """What Resource Manager knows in one of the deployer's subscriptions; the names of accounts are those of all."""

    azure: LocalAzure
    subscription: str

    @property
    def accounts(self) -> Accounts:
        return self.azure.accounts

    @property
    def backend(self) -> Backend:
        return self.azure.backend

    @property
    def policies(self) -> Policies:
        return self.azure.policies

    @property
    def data_endpoint(self) -> str:
        return self.azure.data_endpoint
