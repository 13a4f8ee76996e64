"""A local Google Cloud that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from lightly_sandbox.kinds.gcs.mock_provider import Serving, mock_provider
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.mock_providers.client import Plugin

WAIT_SECONDS = 2.0  # seconds: enough for a fault that passes, short for one that does not

Google = Callable[..., Any]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("gcs") / "log.txt"
    with start("lightly_sandbox.kinds.gcs.emulator", {}, log).wait() as server:
        yield server


@pytest.fixture(scope="session")
def settings(cloud: ServerProcess) -> dict[str, str]:
    return {"endpoint": cloud.url, "project": cloud.announcement["project"], "token": cloud.announcement["token"]}


@pytest.fixture(scope="session")
def serving(settings: dict[str, str]) -> Iterator[Serving]:
    server = mock_provider(settings, WAIT_SECONDS)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def plugin(serving: Serving) -> Iterator[Plugin]:
    connection = Plugin(serving.port)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def google(settings: dict[str, str]) -> Google:
    """The project's administrator, to look behind the mock provider's back: method, path, body -> JSON."""
    headers = {"Authorization": f"Bearer {settings['token']}", "Content-Type": "application/json"}

    def ask(method: str, path: str, body: Any = None, expected: int | None = None) -> Any:
        answer = urllib3.request(method, settings["endpoint"] + path, headers=headers, body=json.dumps(body or {}))
        assert answer.status == expected or (expected is None and answer.status < 300), answer.data
        return answer.json() if answer.data else None

    return ask


@pytest.fixture
def faults(cloud: ServerProcess) -> Iterator[Callable[..., None]]:
    """Sets the faults of the local cloud, and takes them away after the test."""

    def post(*active: dict[str, Any]) -> None:
        url, headers = f"{cloud.url}/_sandbox/faults", {"X-Sandbox-Nonce": cloud.nonce}
        assert urllib3.request("POST", url, headers=headers, body=json.dumps(active)).status == 200

    yield post
    post()
