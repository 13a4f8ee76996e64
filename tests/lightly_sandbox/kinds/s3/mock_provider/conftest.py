"""A local AWS that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from lightly_sandbox.kinds.s3.mock_provider import Serving, mock_provider
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.mock_providers.client import Plugin

REGION = "eu-central-1"
WAIT_SECONDS = 2.0  # seconds: enough for a fault that passes, short for one that does not


@pytest.fixture(scope="session")
def cloud() -> Iterator[ServerProcess]:
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}).wait() as server:
        yield server


@pytest.fixture(scope="session")
def settings(cloud: ServerProcess) -> dict[str, str]:
    customer = cloud.announcement["accounts"]["customer"]
    keys = {name: customer[name] for name in ("access_key_id", "secret_access_key")}
    return {"endpoint": cloud.url, "region": REGION, **keys}


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
def aws(settings: dict[str, str]) -> Callable[[str], Any]:
    """boto3 clients of the customer's administrator, to look behind the mock provider's back."""
    session = boto3.Session(settings["access_key_id"], settings["secret_access_key"], region_name=REGION)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=settings["endpoint"])  # type: ignore[call-overload] # any service

    return client


@pytest.fixture
def faults(cloud: ServerProcess) -> Iterator[Callable[..., None]]:
    """Sets the faults of the local AWS, and takes them away after the test."""

    def post(*active: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{cloud.url}/_sandbox/faults",
            json.dumps(active).encode(),
            {"X-Sandbox-Nonce": cloud.nonce, "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()

    yield post
    post()
