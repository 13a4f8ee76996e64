"""Programs and plugins as child processes: forked from a warm one, or started anew; never left behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from lightly_sandbox.engine import children
from lightly_sandbox.engine.children import Nursery

SAY = "import os, sys\nprint(sys.argv[1:], os.getcwd(), os.environ.get('A'), os.environ.get('B'), flush=True)\n"


def _plugin(folder: Path, code: str) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    (folder / "__main__.py").write_text(code)
    return {"role": "plugin", "path": str(folder), "arguments": ["x"], "cwd": str(folder)}


def test_a_child_gets_its_orders_its_folder_and_only_its_environment(tmp_path: Path) -> None:
    os.environ["B"] = "of this process"
    try:
        child = children.start(_plugin(tmp_path / "p", SAY), {"A": "1"})
    finally:
        del os.environ["B"]
    assert child.stdout.readline() == f"['x'] {tmp_path / 'p'} 1 None\n"
    assert child.wait(30) == 0
    child.kill()


def test_its_exit_code_is_known(tmp_path: Path) -> None:
    child = children.start(_plugin(tmp_path / "p", "import os\nos._exit(7)\n"), {})
    assert child.wait(30) == 7
    child.kill()


def test_one_that_runs_can_be_killed(tmp_path: Path) -> None:
    child = children.start(_plugin(tmp_path / "p", "import time\nprint(1, flush=True)\ntime.sleep(600)\n"), {})
    child.stdout.readline()
    assert child.wait(0) is None
    child.kill()
    assert child.wait(0) == -9
    child.kill()


def test_the_code_of_a_child_is_read_anew_each_time(tmp_path: Path) -> None:
    for text in ("first", "second"):
        child = children.start(_plugin(tmp_path / "p", f"print({text!r}, flush=True)\n"), {})
        assert child.stdout.readline() == f"{text}\n"
        child.kill()


def test_without_a_nursery_a_child_is_started_all_the_same(tmp_path: Path) -> None:
    env = {"PYTHONHASHSEED": "17"}
    nursery = Nursery(env)
    nursery.close()
    children._nurseries[(("PYTHONHASHSEED", "17"),)] = nursery
    child = children.start(_plugin(tmp_path / "p", SAY), {**env, "A": "2"})
    assert child.stdout.readline() == f"['x'] {tmp_path / 'p'} 2 None\n"
    child.kill()


def test_nursery_and_children_end_with_their_parent(tmp_path: Path) -> None:
    order = _plugin(tmp_path / "p", "import os, time\nprint(os.getpid(), os.getppid(), flush=True)\ntime.sleep(600)\n")
    code = (
        "import json, os, sys\nfrom lightly_sandbox.engine import children\n"
        "child = children.start(json.loads(sys.argv[1]), {})\n"
        "print(child.stdout.readline(), flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(order)], capture_output=True, text=True, check=False)
    pids = [int(word) for word in done.stdout.split()]
    assert len(pids) == 2
    deadline = time.monotonic() + 20
    while any(map(_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(_alive, pids))


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
