"""Buckets of Google Cloud."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.gcs.service import GOOGLE
from lightly_sandbox.kinds.kind import SandboxKind

if TYPE_CHECKING:
    from lightly_sandbox.kinds.credential_client import CredentialClient
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class GcsKind(SandboxKind):
    name = "gcs"
    service = GOOGLE

    def fixture(self, estate: "Estate") -> "Fixture":
        from lightly_sandbox.kinds.gcs.fixtures import GcsFixture

        return GcsFixture(estate)

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.gcs.lightly import GcsStorage

        return GcsStorage

    def credential_client(self) -> "CredentialClient":
        from lightly_sandbox.kinds.gcs.credential_client import GcsCredentialClient

        return GcsCredentialClient()
