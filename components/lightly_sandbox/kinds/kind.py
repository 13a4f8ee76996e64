"""A kind of store in the sandbox: a row of the registry."""

import abc
from typing import TYPE_CHECKING

from lightly_sandbox.services import CloudService

if TYPE_CHECKING:
    from lightly_sandbox.kinds.credential_client import CredentialClient
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class SandboxKind(abc.ABC):
    """One kind of store. What a row names is imported when it is asked for: a process needs only a part of it."""

    name: str
    service: CloudService
    """The cloud that has such stores."""

    @abc.abstractmethod
    def fixture(self, estate: "Estate") -> "Fixture":
        """The owner of the stores that a manifest names."""

    @abc.abstractmethod
    def storage(self) -> "type[Storage]":
        """How the local Lightly uses a datasource of this kind."""

    def credential_client(self) -> "CredentialClient | None":
        """Whoever holds a credential for such a store; None for a kind that has none."""
        return None
