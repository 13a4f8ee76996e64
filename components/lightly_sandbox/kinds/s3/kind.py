"""Buckets of AWS."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.s3.service import AWS

if TYPE_CHECKING:
    from lightly_sandbox.kinds.credential_client import CredentialClient
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class S3Kind(SandboxKind):
    name = "s3"
    service = AWS

    def fixture(self, estate: "Estate") -> "Fixture":
        from lightly_sandbox.kinds.s3.fixtures import S3Fixture

        return S3Fixture(estate)

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.s3.lightly import S3Storage

        return S3Storage

    def credential_client(self) -> "CredentialClient":
        from lightly_sandbox.kinds.s3.credential_client import S3CredentialClient

        return S3CredentialClient()
