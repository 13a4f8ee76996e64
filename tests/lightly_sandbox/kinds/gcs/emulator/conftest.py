"""One local Google Cloud for all tests of a worker, as the child process that it is."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.gcs.emulator.project import Project

Control = Callable[..., Any]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The running server."""
    log = tmp_path_factory.mktemp("gcs") / "log.txt"
    with start("lightly_sandbox.kinds.gcs.emulator", {}, log).wait() as running:
        yield running
    assert log.read_text() == ""  # no call ended in an error of the server's own


@pytest.fixture(scope="session")
def google(server: ServerProcess) -> Project:
    """The project."""
    return Project(server.url, server.announcement)


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
