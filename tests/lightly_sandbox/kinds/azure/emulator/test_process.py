"""The server as a child: nothing of it is left behind, however it ends; and its installation."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lightly_sandbox.kinds.azure.emulator import install
from lightly_sandbox.kinds.azure.emulator.install import NODE_FILES, AzuriteMissingError
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
def test_azurite_ends_with_the_server(end: str) -> None:
    server = start(MODULE, {}).wait()
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


def test_the_ca_file_holds_no_key() -> None:
    server = start(MODULE, {}).wait()
    ca_file = Path(server.announcement["ca_file"])
    assert ca_file.read_text().count("BEGIN") == 1
    assert "PRIVATE" not in ca_file.read_text()
    assert [entry.name for entry in ca_file.parent.iterdir()] == ["ca.pem"]
    server.stop()


def test_without_azurite_the_server_says_how_to_get_it(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from lightly_sandbox.kinds.azure.emulator import install; "
        f"install._STAMP = Path({str(tmp_path / 'none')!r}); "
        "from lightly_sandbox.kinds.azure.emulator.__main__ import main; raise SystemExit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input='{"nonce": "n"}\n', capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "hint: run `make setup`" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = json.loads((NODE_FILES / "package-lock.json").read_text())
    packages = {name: item for name, item in lock["packages"].items() if name}
    assert packages["node_modules/azurite"]["version"] == "3.35.0"
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in value for value in packages.values())
    assert json.loads((NODE_FILES / "package.json").read_text())["dependencies"] == {"azurite": "3.35.0"}


def test_an_installation_that_fails_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "FOLDER", tmp_path / "azurite")
    monkeypatch.setattr(install, "_STAMP", tmp_path / "azurite/installed")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1/")
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    with pytest.raises(AzuriteMissingError, match=r"npm ended with 1[\s\S]*hint: npm needs a registry"):
        install.install()
    assert not install.is_installed()
