"""How much memory a process and all that it has started hold together, at the most: of Linux, by /proc."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_PAGE = os.sysconf("SC_PAGE_SIZE")
_SECONDS = 0.25


class Peak:
    """Inside the block it looks four times a second; `mib` is the most that it has seen.

    What processes share is counted in each of them, so it is rather too much than too little.
    """

    def __init__(self, pid: int) -> None:
        self.mib, self._pid, self._over = 0.0, pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_SECONDS):
            self.mib = max(self.mib, _resident(self._pid) / 2**20)


def _resident(root: int) -> int:
    """Bytes of the process and of all below it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    below = {root}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(map(_of, below))


def _of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
