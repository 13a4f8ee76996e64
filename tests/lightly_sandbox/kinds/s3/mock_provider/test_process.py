"""The stand-in as a child process: it says its port, answers, and ends with its parent."""

from pathlib import Path
from typing import Any

from lightly_sandbox.process import start

from tests.lightly_sandbox.mock_providers.client import Plugin


def test_the_child_serves_until_its_parent_lets_go(settings: dict[str, Any]) -> None:
    server = start("lightly_sandbox.kinds.s3.mock_provider", settings).wait()
    child = server._child.pid
    connection = Plugin(server.port)
    assert connection.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    for shown in ("cmdline", "environ"):  # where there is no /proc, there is nothing to look at
        told = Path(f"/proc/{child}/{shown}")
        assert not told.exists() or settings["secret_access_key"].encode() not in told.read_bytes()
    connection.close()
    server.stop()
    assert server._child.returncode == 0  # it ended by itself and was not killed
