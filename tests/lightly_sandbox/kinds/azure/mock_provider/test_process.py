"""The stand-in as a child process: it says its port, answers, and ends with its parent."""

from pathlib import Path
from typing import Any

from lightly_sandbox.process import start

from tests.lightly_sandbox.kinds.azure.emulator.world import Azure
from tests.lightly_sandbox.mock_providers.client import Plugin


def test_the_child_serves_until_its_parent_lets_go(azure: Azure, settings: dict[str, Any]) -> None:
    world = azure.world()
    server = start("lightly_sandbox.kinds.azure.mock_provider", settings).wait()
    child = server._child.pid
    connection = Plugin(server.port)
    arguments = {"accountName": world.name, "resourceGroupName": world.name}
    assert connection.invoke("azure-native:storage:getStorageAccount", arguments)["name"] == world.name
    for shown in ("cmdline", "environ"):  # where there is no /proc, there is nothing to look at
        told = Path(f"/proc/{child}/{shown}")
        assert not told.exists() or settings["token"].encode() not in told.read_bytes()
    connection.close()
    server.stop()
    assert server._child.returncode == 0  # it ended by itself and was not killed
