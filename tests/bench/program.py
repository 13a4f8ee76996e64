"""The program alone, ours against a plain one of the same resources: CPU seconds with mocks in the engine's place.

Each run is a process of its own, in turns, and the least of each counts: what other work on the machine adds is left
out best so. The mocks answer with the inputs and what the clouds add; no provider and no engine runs.
"""

import argparse
import asyncio
import json
import os
import runpy
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.fleet import config

ROOT = Path(__file__).parents[2]
PROGRAMS = {"plain": Path(__file__).parent / "plain", "with components": ROOT / "stacks"}
SIZE, TURNS = 50, 3
AIM = 1.15


def program(size: int = SIZE, turns: int = TURNS) -> Table:
    """CPU seconds of the whole process, and what it made."""
    table = Table(
        "datasets", "program", "s CPU", "ratio", "outputs a dataset", "registrations a dataset",
        title=f"the program alone, least of {turns} (aim: at most {AIM})",
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in PROGRAMS}
    for _ in range(turns):
        for name in PROGRAMS:
            found[name].append(_in_a_process(name, size))
    least = {name: min(run["seconds"] for run in runs) for name, runs in found.items()}
    for name, runs in found.items():
        made = (f"{runs[0][what] / size:.0f}" for what in ("outputs", "registrations"))
        table.add_row(str(size), name, f"{least[name]:.2f}", f"{least[name] / least['plain']:.2f}", *made)
    return table


def _in_a_process(name: str, size: int) -> dict[str, Any]:
    path = os.pathsep.join(map(str, (ROOT, ROOT / "components", ROOT / "policies")))
    command = [sys.executable, "-m", "tests.bench.program", "--run", name, "--size", str(size)]
    env = {**os.environ, "PYTHONPATH": path, "LIGHTLY_TOKEN": "token-of-nobody"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # or most of it would be compiling
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def run(name: str, size: int) -> dict[str, Any]:
    """Run one of the programs in this process; what it took from the start of Python to its end."""
    import pulumi
    from pulumi.runtime.stack import run_pulumi_func

    from tests.lightly_access.recording import Recording

    made = Counter[str]()
    _count(pulumi.Output, "_track", lambda: made.update(outputs=1))
    recording = Recording()
    _count(recording, "new_resource", lambda: made.update(registrations=1))
    values = {key: json.dumps(value) for key, value in config(size).items()}
    pulumi.runtime.set_all_config({**values, "aws:region": "eu-central-1"})
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)  # of the root stack, too, which the mocks make
    pulumi.runtime.set_mocks(recording, project="lightly-access", stack="rehearsal", preview=False)

    def whole() -> None:
        runpy.run_path(str(PROGRAMS[name]), run_name="__main__")

    loop.run_until_complete(run_pulumi_func(whole))
    return {"seconds": time.process_time(), **made}


def _count(owner: Any, method: str, counted: Callable[[], None]) -> None:
    whole = getattr(owner, method)

    def wrapped(*given: Any, **named: Any) -> Any:
        counted()
        return whole(*given, **named)

    setattr(owner, method, wrapped)


def main() -> None:
    """Print the table; with --run only what one run took, as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--run", choices=list(PROGRAMS), help="one program, once, in this process")
    parser.add_argument("--size", type=int, default=SIZE, help="number of datasets")
    parser.add_argument("--turns", type=int, default=TURNS, help="how often each is run")
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.size)))
        return
    from rich.console import Console

    Console().print(program(given.size, given.turns))


if __name__ == "__main__":
    main()
