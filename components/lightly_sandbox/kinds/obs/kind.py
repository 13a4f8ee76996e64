"""Buckets of an S3-compatible service: the local AWS by another door."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.s3.service import AWS

if TYPE_CHECKING:
    from lightly_sandbox.kinds.credential_client import CredentialClient
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class ObsKind(SandboxKind):
    name = "obs"
    service = AWS

    def fixture(self, estate: "Estate") -> "Fixture":
        from lightly_sandbox.kinds.obs.fixtures import ObsFixture

        return ObsFixture(estate)

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.obs.lightly import ObsStorage

        return ObsStorage

    def credential_client(self) -> "CredentialClient":
        from lightly_sandbox.kinds.obs.credential_client import ObsCredentialClient

        return ObsCredentialClient()
