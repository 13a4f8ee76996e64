"""Folders that are mounted into the worker."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.local.service import LOCAL

if TYPE_CHECKING:
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class LocalKind(SandboxKind):
    name = "local"
    service = LOCAL

    def fixture(self, estate: "Estate") -> "Fixture":
        from lightly_sandbox.kinds.local.fixtures import LocalFixture

        return LocalFixture(estate)

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.local.lightly import LocalStorage

        return LocalStorage
