"""Killed at any step, a run leaves a readable state, and the next one finishes the job: no orphan, no duplicate."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.lightly_sandbox.engine.stacks import Sandbox

PROGRAM = """
base = Thing("base", "base-" + version)
Thing("above", "above", under=base.id, opts=pulumi.ResourceOptions(depends_on=[base]))
if version == "1":
    Thing("leaving", "leaving")
"""
# how many changes each verb makes: create 3; replace base, update above, delete base-1 and leaving; delete 2
RUNS = {"first": ("up", "1", 3), "second": ("up", "2", 4), "destroy": ("destroy", "2", 2)}
AFTER = {"first": {"base-1", "above", "leaving"}, "second": {"base-2", "above"}, "destroy": set()}
POINTS = [
    (run, at, when) for run, (_, _, count) in RUNS.items() for at in range(1, count + 1) for when in ("before", "after")
]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sandbox]:
    """The project as it is before each run."""
    found: dict[str, Sandbox] = {}
    folder = tmp_path_factory.mktemp("before")
    last: Sandbox | None = None
    for run in RUNS:
        sandbox = Sandbox(folder / run, PROGRAM)
        if last:
            verb, version, _ = RUNS[list(found)[-1]]
            shutil.copytree(last.folder, sandbox.folder, dirs_exist_ok=True)
            done = sandbox.in_process(verb, version, {})
            assert json.loads(done.stdout)["ok"], done.stderr + done.stdout
            (sandbox.folder / "changes.txt").unlink()
        found[run] = last = sandbox
    return found


@pytest.mark.parametrize(("run", "at", "when"), POINTS)
def test_the_run_after_a_kill_converges(
    run: str, at: int, when: str, tmp_path: Path, before: dict[str, Sandbox]
) -> None:
    sandbox = Sandbox(tmp_path / "box", PROGRAM)
    shutil.copytree(before[run].folder, sandbox.folder, dirs_exist_ok=True)
    verb, version, _ = RUNS[run]

    killed = sandbox.in_process(verb, version, {"FILECLOUD_KILL": f"{at}:{when}"})
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    state = json.loads(sandbox.state.read_text())["deployment"]
    assert state["pending_operations"], "what was in flight is recorded"
    assert sandbox.stack().export()["version"] == 3

    again = sandbox.in_process(verb, version, {})
    said = json.loads(again.stdout)
    assert said["ok"], again.stdout
    assert "interrupted" in said["diagnostics"][0]
    assert sandbox.things() == AFTER[run]
    left = json.loads(sandbox.state.read_text())["deployment"]
    ids = [item["id"] for item in left.get("resources", []) if item["type"] == "filecloud:index:Thing"]
    assert sorted(ids) == sorted(AFTER[run])


def test_no_child_outlives_a_killed_engine(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "box", PROGRAM)
    sandbox.in_process("up", "1", {"FILECLOUD_KILL": "1:before"})
    plugin = int((sandbox.folder / "plugin.pid").read_text())
    deadline = time.monotonic() + 20
    while _alive(plugin) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(plugin)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
