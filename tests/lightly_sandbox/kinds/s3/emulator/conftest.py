"""One local AWS for all tests of a module, as the child process that it is."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The running server."""
    log = tmp_path_factory.mktemp("aws") / "log.txt"
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}, log).wait() as running:
        yield running


@pytest.fixture
def aws(server: ServerProcess) -> Aws:
    """The customer behind the gateway, with names of its own."""
    return Aws(server.url, dict(server.announcement["accounts"]))


@pytest.fixture
def control(server: ServerProcess) -> Iterator[Callable[[str, str, Any], Any]]:
    """Call the control plane; faults are taken back afterwards."""

    def ask(method: str, path: str, body: Any = None) -> Any:
        answered = urllib3.request(
            method, f"{server.url}/_sandbox{path}", headers={"X-Sandbox-Nonce": server.nonce}, body=json.dumps(body)
        )
        assert answered.status == 200, answered.data
        return answered.json()

    yield ask
    ask("POST", "/faults", [])
