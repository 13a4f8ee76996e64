"""What the rig was asked, in order: when each call began and ended, with its arguments, secrets redacted."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lightly_sandbox.engine.fidelity.rig.wire import redacted

Entry = dict[str, Any]


class Journal:
    """Entries `{"call", "urn", "id", "began", "ended", "args", "error"?}` in a file, one line of JSON each.

    `began` and `ended` come from one counter, so two calls overlapped exactly if their spans do.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._clock = 0

    @contextlib.contextmanager
    def call(self, name: str, urn: str = "", thing_id: str = "", **args: Any) -> Iterator[Entry]:
        """Write the call when it ends; the caller may set `error` (and `id`, when the call makes one)."""
        entry: Entry = {"call": name, "urn": urn, "id": thing_id, "began": self._tick(), "args": redacted(args)}
        try:
            yield entry
        finally:
            entry["ended"] = self._tick()
            with self._lock, self.path.open("a") as file:
                file.write(json.dumps(entry, sort_keys=True) + "\n")

    def take(self) -> list[Entry]:
        """The entries so far, by their beginning; the journal starts afresh."""
        with self._lock:
            if not self.path.exists():
                return []
            lines = self.path.read_text().splitlines()
            self.path.unlink()
            self._clock = 0
        return sorted((json.loads(line) for line in lines), key=lambda entry: int(entry["began"]))

    def _tick(self) -> int:
        with self._lock:
            self._clock += 1
            return self._clock
