"""The local Google Cloud, as the sandbox starts it."""

from dataclasses import dataclass

from lightly_sandbox.services import Announcement, CloudService, MockProvider

_MOCK_PROVIDER = MockProvider("gcp", "lightly_sandbox.kinds.gcs.mock_provider")


@dataclass(frozen=True)
class GoogleService(CloudService):
    """Two projects: the deployer's and a stranger's."""

    name: str = "gcs"
    title: str = "Google Cloud"
    module: str = "lightly_sandbox.kinds.gcs.emulator"
    mock_provider: MockProvider | None = _MOCK_PROVIDER

    def mock_provider_settings(self, started: Announcement) -> dict[str, str]:
        return {"endpoint": started["url"], "project": started["project"], "token": started["token"]}

    def is_deployer(self, started: Announcement, principal: str) -> bool:
        return principal.startswith("deployer@")

    def lightly(self, started: Announcement) -> dict[str, dict[str, str]]:
        return {"gcs": {"endpoint": started["url"]}}

    def owner(self, started: Announcement) -> str:
        return f"project {started['project']}"

    def environment(self, started: Announcement) -> dict[str, str]:
        """The token is the deployer's, for tools that read what exists."""
        return {"STORAGE_EMULATOR_HOST": started["url"], "GOOGLE_OAUTH_ACCESS_TOKEN": started["token"]}


GOOGLE = GoogleService()
