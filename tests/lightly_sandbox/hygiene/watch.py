"""What anybody on the machine can read of the processes below one: their arguments and their environments."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.lightly_sandbox.test_rehearse import descendants


@dataclass(frozen=True)
class Seen:
    """A process as it was seen once."""

    arguments: tuple[str, ...]
    environment: tuple[str, ...]
    """`NAME=value`, as it was when the process began."""

    @property
    def names(self) -> set[str]:
        """Of the variables."""
        return {entry.partition("=")[0] for entry in self.environment}

    def runs(self, *words: str) -> bool:
        """Whether one of these is (the end of) an argument."""
        return any(argument.endswith(words) for argument in self.arguments)


class Watch(threading.Thread):
    """Looks again and again until it is told to stop; `seen` has what it saw, the process itself left out."""

    def __init__(self, pid: int) -> None:
        super().__init__(name="watch", daemon=True)
        self._pid, self._over = pid, threading.Event()
        self.seen: set[Seen] = set()

    def run(self) -> None:
        """Look."""
        while not self._over.is_set():
            for pid in descendants(self._pid):
                if found := look(pid):
                    self.seen.add(found)
            time.sleep(0.03)

    def stop(self) -> frozenset[Seen]:
        """End it; what it saw."""
        self._over.set()
        self.join()
        return frozenset(self.seen)


def look(pid: int) -> Seen | None:
    """A process now; None when it has ended, or is not yet what it will be."""
    try:
        arguments, environment = (
            (Path("/proc") / str(pid) / name).read_bytes().decode(errors="replace") for name in ("cmdline", "environ")
        )
    except OSError:
        return None
    if not arguments:
        return None
    return Seen(tuple(arguments.strip("\0").split("\0")), tuple(filter(None, environment.split("\0"))))
