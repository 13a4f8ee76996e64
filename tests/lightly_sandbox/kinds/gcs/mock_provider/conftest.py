"""A local Google Cloud that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import urllib3
from lightly_sandbox.kinds.gcs.mock_provider import Serving, mock_provider
from lightly_sandbox.kinds.gcs.service import GOOGLE
from lightly_sandbox.process import ServerProcess, start

WAIT_SECONDS = 2.0  # seconds: enough for a fault that passes, short for one that does not

Google = Callable[..., Any]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("gcs") / "log.txt"
    with start("lightly_sandbox.kinds.gcs.emulator", {}, log).wait() as running:
        yield running


@pytest.fixture(scope="session")
def settings(server: ServerProcess) -> Mapping[str, Any]:
    return GOOGLE.mock_provider_settings({**server.announcement, "url": server.url})


@pytest.fixture(scope="session")
def serving(settings: Mapping[str, Any]) -> Iterator[Serving]:
    running = mock_provider(settings, WAIT_SECONDS)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def google(settings: Mapping[str, Any]) -> Google:
    """The project's administrator, to look behind the mock provider's back: method, path, body -> JSON."""
    headers = {"Authorization": f"Bearer {settings['token']}", "Content-Type": "application/json"}

    def ask(method: str, path: str, body: Any = None, expected: int | None = None) -> Any:
        answer = urllib3.request(method, settings["endpoint"] + path, headers=headers, body=json.dumps(body or {}))
        assert answer.status == expected or (expected is None and answer.status < 300), answer.data
        return answer.json() if answer.data else None

    return ask
