"""A local AWS that refuses, and the mock provider in front of it; one of each for all tests of a worker."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from lightly_sandbox.kinds.s3.mock_provider import Serving, mock_provider
from lightly_sandbox.kinds.s3.service import AWS
from lightly_sandbox.process import ServerProcess, start

REGION = "eu-central-1"
WAIT_SECONDS = 2.0  # seconds: enough for a fault that passes, short for one that does not


@pytest.fixture(scope="session")
def server() -> Iterator[ServerProcess]:
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}).wait() as running:
        yield running


@pytest.fixture(scope="session")
def settings(server: ServerProcess) -> Mapping[str, Any]:
    return AWS.mock_provider_settings({**server.announcement, "url": server.url})


@pytest.fixture(scope="session")
def serving(settings: Mapping[str, Any]) -> Iterator[Serving]:
    running = mock_provider(settings, WAIT_SECONDS)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def aws(settings: Mapping[str, Any]) -> Callable[[str], Any]:
    """boto3 clients of the customer's administrator, to look behind the mock provider's back."""
    session = boto3.Session(settings["access_key_id"], settings["secret_access_key"], region_name=REGION)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=settings["endpoint"])  # type: ignore[call-overload] # any service

    return client
