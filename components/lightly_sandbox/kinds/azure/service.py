"""The local Azure, as the sandbox starts it."""

from dataclasses import dataclass
from pathlib import Path

from lightly_sandbox.kinds.azure.emulator.install import azurite
from lightly_sandbox.services import Announcement, CloudService, MockProvider

_MOCK_PROVIDER = MockProvider("azure-native", "lightly_sandbox.kinds.azure.mock_provider")


@dataclass(frozen=True)
class AzureService(CloudService):
    """One subscription, which the deployer owns."""

    name: str = "azure"
    title: str = "Azure"
    module: str = "lightly_sandbox.kinds.azure.emulator"
    mock_provider: MockProvider | None = _MOCK_PROVIDER

    def prepare(self) -> None:
        azurite()

    def settings(self, folder: Path) -> dict[str, str]:
        return {"azurite": str(azurite())}

    def mock_provider_settings(self, started: Announcement) -> dict[str, str]:
        told = {name: started[name] for name in ("ca_file", "subscription", "tenant", "token", "identity")}
        return {**told, "endpoint": started["url"], "data_endpoint": _data(started)}

    def is_deployer(self, started: Announcement, principal: str) -> bool:
        return principal == "deployer"

    def lightly(self, started: Announcement) -> dict[str, dict[str, str]]:
        return {"azure": {"endpoint": _data(started), "ca_file": started["ca_file"]}}

    def environment(self, started: Announcement) -> dict[str, str]:
        """The CA replaces those of the system: for obstore, Python's ssl, and clients over requests."""
        return {
            "SSL_CERT_FILE": started["ca_file"],
            "REQUESTS_CA_BUNDLE": started["ca_file"],
            "ARM_SUBSCRIPTION_ID": started["subscription"],
            "ARM_TENANT_ID": started["tenant"],
            "ARM_RESOURCE_MANAGER_ENDPOINT": started["url"],
            **started["identity"],
        }

    def shell(self, started: Announcement) -> dict[str, str]:
        """There the CA stands beside those that the user trusts already."""
        bundle: str = started["ca_bundle"]
        return {**self.environment(started), "SSL_CERT_FILE": bundle, "REQUESTS_CA_BUNDLE": bundle}

    def owner(self, started: Announcement) -> str:
        return f"subscription {started['subscription']}"


def _data(started: Announcement) -> str:
    return f"https://127.0.0.1:{started['tls_port']}"


AZURE = AzureService()
