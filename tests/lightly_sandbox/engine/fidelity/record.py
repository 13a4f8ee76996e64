"""Records what Pulumi's own engine does in the scenarios, as JSON in the folder `recorded`.

    python -m tests.lightly_sandbox.engine.fidelity.record [scenario ...]

Run it from the repository's root with `pulumi` (and its Python language host) on PATH, after a change of a scenario or
with a newer engine, and read the difference before it is committed.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lightly_sandbox.engine.fidelity.harness.pulumi_cli import Pulumi
from tests.lightly_sandbox.engine.fidelity.harness.recording import EXCHANGED, write, write_state
from tests.lightly_sandbox.engine.fidelity.harness.run import Told, run
from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step, load, names


class Keeping(Pulumi):
    """Keeps the state after each step: the last one becomes what the local engine is handed in a test."""

    def take(self, step: Step) -> Told:
        told = super().take(step)
        write_state(self.export())
        return told


def record(name: str) -> str:
    """Record one scenario; a line about it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            seen = run(load(name), Path(folder), Keeping if name == EXCHANGED else Pulumi)
        except AssertionError as problem:
            return f"{name}: NOT RECORDED: {problem}"
    write(name, seen)
    return f"{name}: " + ", ".join(f"{step['verb']} {'ok' if step['ok'] else 'FAILED'}" for step in seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help="all when none is named")
    chosen = parser.parse_args().scenarios or names()
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(record, chosen):
            print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
