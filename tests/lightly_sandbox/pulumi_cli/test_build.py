"""A build may run twice at once, may be killed, may fail: what is there afterwards is whole, or not there."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_sandbox.pulumi_cli import finder, pin
from lightly_sandbox.pulumi_cli.build import PulumiMissingError, build

from tests.lightly_sandbox.test_process import gone

BUILD = "from lightly_sandbox.pulumi_cli.finder import find; print(find().path)"


def left(folder: Path) -> list[str]:
    """What else is in the cache than the lock, the log, and what was built."""
    return sorted(file.name for file in folder.iterdir() if file.name not in (".lock", "build.log", f"v{pin.pulumi()}"))


def wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert path.exists()


def test_modules_and_caches_are_removed(path: Path, go: Callable[..., Path]) -> None:
    go()
    made = build(finder.folder(), pin.pulumi(), lambda _: None)
    assert os.access(made, os.X_OK)
    assert left(finder.folder()) == []


def test_two_at_once_build_once(path: Path, go: Callable[..., Path]) -> None:
    builds, told = go(seconds=1), list[str]()
    processes = [subprocess.Popen([sys.executable, "-c", BUILD], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    found = {process.communicate(timeout=60)[0] for process in processes}
    assert found == {f"{finder.folder()}/v{pin.pulumi()}/pulumi\n"}
    assert builds.read_text() == "built\n"
    assert told == []


def test_who_waits_is_told_so(path: Path, go: Callable[..., Path]) -> None:
    builds, told = go(seconds=1), list[str]()
    first = threading.Thread(target=build, args=(finder.folder(), pin.pulumi(), lambda _: None))
    first.start()
    wait_for(builds)
    build(finder.folder(), pin.pulumi(), told.append)
    first.join()
    assert told == ["another process builds Pulumi: waiting for it"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_build_that_is_ended_leaves_nothing_half_made(
    path: Path, go: Callable[..., Path], how: signal.Signals
) -> None:
    builds = go(seconds=30)
    with subprocess.Popen([sys.executable, "-c", BUILD], stderr=subprocess.DEVNULL) as process:
        wait_for(builds)
        compiler = children(process.pid)
        process.send_signal(how)
        process.wait(20)
    assert compiler
    assert not (finder.folder() / f"v{pin.pulumi()}").exists()
    if how == signal.SIGINT:
        assert all(gone(child) for child in compiler)
        assert left(finder.folder()) == []
    for child in compiler:
        if not gone(child, 0):
            os.kill(child, signal.SIGKILL)
    go()
    assert build(finder.folder(), pin.pulumi(), lambda _: None).exists()
    assert left(finder.folder()) == [], "the next build removes what a killed one left"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_was_built_must_be_what_was_asked_for(path: Path, go: Callable[..., Path]) -> None:
    go()
    script = path / "go"
    script.write_text(script.read_text().replace(f"echo v{pin.pulumi()}", "echo v3.0.0-dev.0"))
    with pytest.raises(PulumiMissingError, match=r"says that it is \['v3.0.0-dev.0'\]"):
        build(finder.folder(), pin.pulumi(), lambda _: None)
    assert left(finder.folder()) == []


def test_a_disk_that_is_too_full_is_said_before(
    path: Path, go: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = go()
    monkeypatch.setattr("lightly_sandbox.pulumi_cli.build._ROOM", 1 << 60)
    with pytest.raises(PulumiMissingError, match=r"5 GB for some minutes, and .* has less\nhint: install Pulumi"):
        build(finder.folder(), pin.pulumi(), lambda _: None)
    assert not builds.exists()
