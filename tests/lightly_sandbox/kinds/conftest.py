"""What tests of emulators and of mock providers need whatever the cloud; each folder has its own `server`."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from lightly_sandbox.mock_providers.server import Serving
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.mock_providers.client import Plugin

Control = Callable[..., Any]


@pytest.fixture
def control(server: ServerProcess) -> Iterator[Control]:
    """Call the control plane; faults are taken back afterwards."""

    def ask(method: str, path: str, body: Any = None) -> Any:
        headers = {"X-Sandbox-Nonce": server.nonce}
        answered = urllib3.request(method, f"{server.url}/_sandbox{path}", headers=headers, body=json.dumps(body))
        assert answered.status == 200, answered.data
        return answered.json()

    yield ask
    ask("POST", "/faults", [])


@pytest.fixture
def faults(control: Control) -> Callable[..., None]:
    """Sets the faults of the cloud; they are taken away after the test."""

    def post(*active: dict[str, Any]) -> None:
        control("POST", "/faults", list(active))

    return post


@pytest.fixture  # not for the session: it would be that of the first folder for all
def plugin(serving: Serving) -> Iterator[Plugin]:
    """A connection to the mock provider of this folder."""
    connection = Plugin(serving.port)
    yield connection
    connection.close()
