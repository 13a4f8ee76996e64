"""One local AWS for all tests of a module, as the child process that it is."""

from collections.abc import Iterator

import pytest
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
