"""Every action taken from a deployer, one at a time: at which step he then fails, and whether he is told of it."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

FailsWithout = Callable[[str, Path], tuple[str, list[str]] | None]
"""The action and a folder, to the first step that fails and what is said then; None where none does."""


def matrix(actions: Iterable[str], fails_without: FailsWithout) -> NoReturn:
    """Print a line for each; ends with 1 where one is needless."""
    needless = 0
    for action in actions:
        with tempfile.TemporaryDirectory() as folder:
            found = fails_without(action, Path(folder))
        needless += found is None
        named = found is not None and any(action in line for line in found[1])
        sys.stdout.write(f"{action}: {found[0] + (', named' if named else ', NOT NAMED') if found else 'NEEDLESS'}\n")
        sys.stdout.flush()
    sys.exit(1 if needless else 0)
