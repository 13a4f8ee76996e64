"""The server as a child: nothing of it is left behind, however it ends."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from lightly_sandbox.kinds.azure.service import AZURE
from lightly_sandbox.process import start

MODULE = "lightly_sandbox.kinds.azure.emulator"


def children(pid: int) -> list[int]:
    """The children of a process, by /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_azurite_ends_with_the_server(end: str, tmp_path: Path) -> None:
    server = start(MODULE, AZURE.settings(tmp_path)).wait()
    pid = server._child.pid
    (azurite,) = children(pid)
    folder = Path(server.announcement["ca_file"]).parent
    for shown in ("cmdline", "environ"):
        assert server.announcement["token"].encode() not in Path(f"/proc/{azurite}/{shown}").read_bytes()
    if end == "kill":
        os.kill(pid, signal.SIGKILL)
    server.stop()
    assert gone(azurite)
    if end == "stop":
        assert server._child.returncode == 0
        assert not folder.exists()
    shutil.rmtree(folder, ignore_errors=True)  # after a kill nobody is left to do it


def test_what_clients_trust_holds_no_key(tmp_path: Path) -> None:
    with start(MODULE, AZURE.settings(tmp_path)).wait() as server:
        ca_file, bundle = (Path(server.announcement[name]) for name in ("ca_file", "ca_bundle"))
        assert ca_file.read_text().count("BEGIN") == 1
        assert "PRIVATE" not in ca_file.read_text() + bundle.read_text()
        assert {*ca_file.parent.iterdir()} == {ca_file, bundle}
