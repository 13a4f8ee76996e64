"""Containers of Azure."""

from typing import TYPE_CHECKING

from lightly_sandbox.kinds.azure.service import AZURE
from lightly_sandbox.kinds.kind import SandboxKind

if TYPE_CHECKING:
    from lightly_sandbox.credential_clients.client import CredentialClient
    from lightly_sandbox.fixtures.store_owner import Fixture
    from lightly_sandbox.lightly.storage import Storage


class AzureKind(SandboxKind):
    name = "azure"
    service = AZURE

    def fixture(self) -> "Fixture":
        from lightly_sandbox.kinds.azure.fixtures import AzureFixture

        return AzureFixture()

    def storage(self) -> "type[Storage]":
        from lightly_sandbox.kinds.azure.lightly import AzureStorage

        return AzureStorage

    def credential_client(self) -> "CredentialClient":
        from lightly_sandbox.kinds.azure.credential_client import AzureCredentialClient

        return AzureCredentialClient()
