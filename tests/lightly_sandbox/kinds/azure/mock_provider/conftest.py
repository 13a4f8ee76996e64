"""A local Azure that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lightly_sandbox.kinds.azure.mock_provider import Serving, mock_provider
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure
from tests.lightly_sandbox.kinds.azure.emulator.conftest import server as azure_server
from tests.lightly_sandbox.mock_providers.client import Plugin

server = azure_server


@pytest.fixture
def azure(server: ServerProcess) -> Azure:
    """The local Azure, to look behind the mock provider's back."""
    return Azure(server)


@pytest.fixture(scope="session")
def settings(server: ServerProcess) -> dict[str, Any]:
    ready = server.announcement
    kept = {name: ready[name] for name in ("ca_file", "subscription", "tenant", "token")}
    return {"endpoint": server.url, "data_endpoint": f"https://127.0.0.1:{ready['tls_port']}", **kept}


@pytest.fixture(scope="session")
def serving(settings: dict[str, Any]) -> Iterator[Serving]:
    running = mock_provider(settings)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def plugin(serving: Serving) -> Iterator[Plugin]:
    connection = Plugin(serving.port)
    yield connection
    connection.close()


@pytest.fixture
def faults(azure: Azure) -> Iterator[Callable[..., None]]:
    """Sets the faults of the local Azure, and takes them away after the test."""

    def post(*active: dict[str, Any]) -> None:
        azure.control("POST", "/faults", list(active))

    yield post
    post()
