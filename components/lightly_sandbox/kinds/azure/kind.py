"""Containers of Azure."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.azure.service import AZURE
from lightly_sandbox.kinds.kind import SandboxKind

if TYPE_CHECKING:
    from lightly_sandbox.kinds.credential_client import CredentialClient
    from lightly_sandbox.kinds.estate import Estate
    from lightly_sandbox.kinds.fixture import Fixture
    from lightly_sandbox.kinds.storage import Storage


class AzureKind(SandboxKind):
    name = "azure"
    service = AZURE

    def fixture(self, estate: "Estate") -> "Fixture":
        from lightly_sandbox.kinds.azure.fixtures import AzureFixture

        return AzureFixture(estate)

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.azure.lightly import AzureStorage

        return AzureStorage

    def credential_client(self) -> "CredentialClient":
        from lightly_sandbox.kinds.azure.credential_client import AzureCredentialClient

        return AzureCredentialClient()
