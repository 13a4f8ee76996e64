"""A local Azure that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from lightly_sandbox.kinds.azure.mock_provider import Serving, mock_provider
from lightly_sandbox.kinds.azure.service import AZURE
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure
from tests.lightly_sandbox.kinds.azure.emulator.conftest import server as azure_server

server = azure_server


@pytest.fixture
def azure(server: ServerProcess) -> Azure:
    """The local Azure, to look behind the mock provider's back."""
    return Azure(server)


@pytest.fixture(scope="session")
def settings(server: ServerProcess) -> Mapping[str, Any]:
    return AZURE.mock_provider_settings({**server.announcement, "url": server.url})


@pytest.fixture(scope="session")
def serving(settings: Mapping[str, Any]) -> Iterator[Serving]:
    running = mock_provider(settings)
    yield running
    running.stop()
