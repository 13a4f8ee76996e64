"""One local Azure for all tests of a worker, as the child process that it is."""

from collections.abc import Iterator

import pytest
from lightly_sandbox.kinds.azure.emulator.install import azurite
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure, StorageAccount


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The running server."""
    log = tmp_path_factory.mktemp("azure") / "log.txt"
    with start("lightly_sandbox.kinds.azure.emulator", {"azurite": str(azurite())}, log).wait() as running:
        yield running


@pytest.fixture
def azure(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> Azure:
    """The local Azure, its CA trusted by obstore too."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.announcement["ca_file"]))
    return Azure(server)


@pytest.fixture(scope="session")
def shared_account(server: ServerProcess) -> StorageAccount:
    """An account with a container `lake`, which has cows/a.jpg, cows-old/a.jpg and pigs/a.jpg; for all tests."""
    return Azure(server).storage_account()


@pytest.fixture
def account(shared_account: StorageAccount, azure: Azure) -> StorageAccount:
    """The shared account, for a test that leaves it as it was."""
    return shared_account
