"""The plugin's process: its port, its import path, its end."""

import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import grpc
import lightly_provider
import pytest
from google.protobuf.empty_pb2 import Empty
from lightly_core.version import VERSION
from pulumi.runtime.proto import provider_pb2_grpc

FOLDER = Path(lightly_provider.__file__).parent
# Without `site` no .pth file is read, so an editable installation of this project is not seen: only what
# requirements/deploy.txt brought is, as after a bare `pulumi install`.
BARE = [sys.executable, "-S", "-W", "error", str(FOLDER), "127.0.0.1:9"]
INSTALLED = [sys.executable, "-m", "lightly_provider", "127.0.0.1:9", "-v=9"]


@pytest.fixture(params=["bare folder", "installed"])
def plugin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    bare = request.param == "bare folder"
    with subprocess.Popen(
        BARE if bare else INSTALLED,
        cwd=tmp_path,
        env={"PYTHONPATH": sysconfig.get_path("purelib")} if bare else {},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def info(port: int) -> str:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        found: str = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty(), timeout=20).version
        return found


def test_it_prints_its_port_serves_and_ends_cleanly(plugin: "subprocess.Popen[str]") -> None:
    assert plugin.stdout is not None
    assert info(int(plugin.stdout.readline())) == VERSION
    plugin.send_signal(signal.SIGINT)  # as the engine ends it: a Ctrl-C comes to the engine alone
    out, err = plugin.communicate(timeout=20)
    assert (plugin.returncode, out, err) == (0, "", "")


def test_when_the_engine_is_killed_the_plugin_ends_too(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys; child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True);"
        "print(child.stdout.readline(), end='', flush=True)"
    )
    # The starter ends at once and leaves the plugin without its parent; its standard error closes when it ends too.
    done = subprocess.run(
        [sys.executable, "-c", starter, *INSTALLED], cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip().isdigit()
    assert done.stderr == ""
