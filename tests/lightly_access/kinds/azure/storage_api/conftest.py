"""The local Azure of the rehearsal: what it refuses is refused."""

from collections.abc import Iterator

import pytest
from lightly_sandbox.kinds.azure.emulator.install import azurite
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure, StorageAccount


@pytest.fixture(scope="session")
def local_azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The running server."""
    log = tmp_path_factory.mktemp("azure") / "log.txt"
    with start("lightly_sandbox.kinds.azure.emulator", {"azurite": str(azurite())}, log).wait() as running:
        yield running


@pytest.fixture
def azure(local_azure: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> Azure:
    """The local Azure, trusted by every client of this process."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(local_azure.announcement["ca_file"]))
    return Azure(local_azure)


@pytest.fixture(params=[False, True], ids=["flat", "hierarchical"])
def account(request: pytest.FixtureRequest, azure: Azure) -> StorageAccount:
    """A new account with a container `lake`, which has cows/a.jpg, cows-old/a.jpg and pigs/a.jpg."""
    return azure.storage_account(isHnsEnabled=request.param)
