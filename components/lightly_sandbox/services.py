"""What a local cloud is to the sandbox: its server, the mock provider that Pulumi talks to, and who is told what of it.

A cloud is started when a store of one of its kinds is rehearsed; which cloud a kind needs is said in `kinds.registry`.
"""

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REGION = "eu-central-1"
Announcement = Mapping[str, Any]
"""What a server said when it had started, with `url` in it."""
LIGHTLY = "lightly_sandbox.lightly"
PROVIDER = "lightly_sandbox.provider_process"
"""The `lightly` provider."""


@dataclass(frozen=True)
class MockProvider:
    """What stands in for a Pulumi provider: the name of the package, and the module that serves it."""

    package: str
    module: str


@dataclass(frozen=True)
class CloudService(abc.ABC):
    """One cloud of this machine."""

    name: str
    title: str
    """As a person calls it."""
    module: str
    """The server: started as a child process."""
    mock_provider: MockProvider | None = None
    controlled: bool = True
    """Whether the server has a control plane."""

    def prepare(self) -> None:  # noqa: B027 - most need nothing
        """Have what no Python package brings. Raises ToolMissingError."""

    def settings(self, folder: Path) -> Mapping[str, Any]:
        """What the server is told; `folder` is where it may keep files."""
        return {}

    def mock_provider_settings(self, started: Announcement) -> Mapping[str, Any]:
        """What the mock provider is told."""
        return {}

    def is_deployer(self, started: Announcement, principal: str) -> bool:
        """Whether a call of this principal is the deployer's."""
        return False

    @abc.abstractmethod
    def lightly(self, started: Announcement) -> Mapping[str, Any]:
        """What the local Lightly is told of it."""

    @abc.abstractmethod
    def environment(self, started: Announcement) -> Mapping[str, str]:
        """What tools need to find it, by the names that they read."""

    def shell(self, started: Announcement) -> Mapping[str, str]:
        """The same for a user's shell, where tools that speak to other servers must go on working."""
        return self.environment(started)

    def owner(self, started: Announcement) -> str:
        """Whose stores these are, in the cloud's words; empty where it has no accounts."""
        return ""
