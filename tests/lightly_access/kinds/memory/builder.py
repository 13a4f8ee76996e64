"""A space, and a handle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from lightly_access.access import Access, fingerprint
from lightly_access.kinds.builder import Builder
from lightly_access.tables.datasource import Datasource
from lightly_core.capability import Purpose, expected

from tests.lightly_access.kinds.memory.space import SPACES, Space
from tests.lightly_access.kinds.memory.store import MemoryStore


@dataclass
class MemorySpace:
    """A space that is there."""

    space: str
    created: bool = False
    prerequisites: list[pulumi.Resource] = field(default_factory=list)

    def directory(self, path: str) -> pulumi.Resource:
        """Nothing is ever made."""
        raise NotImplementedError


class MemoryAccess(Access):
    """A handle that opens one directory."""

    def __init__(self, name: str, space: str, path: str, purpose: Purpose) -> None:
        super().__init__("lightly-access:memory:MemoryAccess", name, None, None)
        handle = f"handle of {name}"
        SPACES.setdefault(space, Space()).handles[handle] = (path, purpose)
        self._describe(
            purpose=purpose,
            registration={
                "kind": "memory",
                "access": "handle",
                "path": f"memory://{space}/{path}",
                "credentials": pulumi.Output.secret(handle),
            },
            identity=pulumi.Output.from_input(name),
            proof=pulumi.Output.from_input(
                {str(capability): granted for capability, granted in expected(purpose).items()}
            ),
            fingerprint=pulumi.Output.from_input(fingerprint(path, purpose)),
            credential=pulumi.Output.from_input({"kind": "handle", "created": None, "rotates": None}),
            probe_credential={"handle": pulumi.Output.secret(handle)},
            prerequisites=[],
        )


class MemoryBuilder(Builder):
    """Spaces that exist, and handles."""

    def store(
        self, name: str, store: MemoryStore, tags: Mapping[str, str], opts: pulumi.ResourceOptions | None
    ) -> MemorySpace:
        return MemorySpace(store.space)

    def access(
        self,
        name: str,
        dataset: str,
        purpose: Purpose,
        datasource: Datasource,
        store: MemorySpace,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None,
    ) -> MemoryAccess:
        return MemoryAccess(name, store.space, datasource.path, purpose)
