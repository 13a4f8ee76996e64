"""A handle, tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.kinds.verified import VerifiedAccess
from lightly_core.capability import Capability
from lightly_core.secret import Secret

from tests.lightly_access.kinds.memory.registration import handle
from tests.lightly_access.kinds.memory.space import SPACES, Space


class RefusedError(Exception):
    """What the space says."""


@dataclass(frozen=True, slots=True)
class MemoryTarget:
    """A handle, and the path that it is for."""

    space: str
    directory: str
    handle: Secret
    whole_store: bool = False

    @property
    def place(self) -> str:
        return f"memory://{self.space}/"

    def client(self) -> "MemoryTarget":
        return self

    async def list(self, prefix: str) -> str | None:
        found = self._space(prefix, Capability.LIST)
        return next((key for key in found.objects if key.startswith(prefix)), None)

    async def read(self, key: str) -> object:
        return self._space(key, Capability.READ).objects.get(key)

    async def write(self, key: str) -> object:
        self._space(key, Capability.WRITE).objects[key] = b"probe"
        return key

    async def delete(self, key: str) -> object:
        return self._space(key, Capability.DELETE).objects.pop(key, None)

    def _space(self, key: str, capability: Capability) -> Space:
        space = SPACES[self.space]
        if refusal := space.refusal(self.handle.reveal(), key, capability):
            raise RefusedError(refusal)
        return space


def _target(access: VerifiedAccess, entry: Mapping[str, Any]) -> MemoryTarget:
    return MemoryTarget(access.bucket, access.directory, Secret(entry["handle"]))


MEMORY = ProbeCredential(rules={"handle": handle}, needed=("handle",), target=_target)
