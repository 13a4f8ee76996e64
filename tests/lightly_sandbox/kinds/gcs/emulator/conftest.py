"""One local Google Cloud for all tests of a worker, as the child process that it is."""

from collections.abc import Iterator

import pytest
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.gcs.emulator.project import Project


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
