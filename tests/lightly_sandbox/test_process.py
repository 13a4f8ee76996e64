import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lightly_sandbox.process import ServerStartError, start

ECHO = "tests.lightly_sandbox.children.echo"
PARENT = f"""
import sys, time
from lightly_sandbox.process import start
server = start({ECHO!r}, {{}}).wait()
print(server._child.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def test_a_child_gets_its_settings_and_a_nonce_and_says_its_port() -> None:
    with start(ECHO, {"colour": "blue"}).wait() as server:
        assert server.announcement["got"] == {"colour": "blue", "nonce": server.nonce}
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_settings_stand_neither_in_the_arguments_nor_in_the_environment() -> None:
    with start(ECHO, {"secret": "canary-secret"}).wait() as server:
        seen = Path(f"/proc/{server._child.pid}/cmdline").read_bytes()
        seen += Path(f"/proc/{server._child.pid}/environ").read_bytes()
        assert b"canary" not in seen
        assert server.nonce.encode() not in seen


def test_a_child_that_ends_before_it_is_ready_is_named_with_its_exit_code() -> None:
    with pytest.raises(ServerStartError, match=r"children\.silent did not start: .* exit code 7"):
        start("tests.lightly_sandbox.children.silent", {}).wait()


def test_stopping_ends_the_child_and_may_be_done_twice() -> None:
    server = start(ECHO, {}).wait()
    server.stop()
    server.stop()
    assert not alive(server._child.pid)


def test_what_goes_wrong_at_the_end_of_a_child_stands_in_its_log(tmp_path: Path) -> None:
    server = start(ECHO, {"fails": "the folder stays"}, log := tmp_path / "log.txt").wait()
    server.stop()
    assert "RuntimeError: the folder stays" in log.read_text()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_when_its_parent_dies_in_any_way(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        os.kill(parent.pid, how)
    assert gone(child)
