"""Runs the user's program against the monitor, in a child process of the same interpreter."""

import threading
from collections.abc import Mapping
from typing import Final

from lightly_sandbox.engine import children
from lightly_sandbox.engine.config import Project, StackConfig
from lightly_sandbox.engine.run import Event, Run

SHOWN: Final = 32
_LAST_WORDS: Final = 20
_GRACE_SECONDS: Final = 5.0


class Program:
    """The program of one run. What it prints is shown; when it dies silently, its last lines are the diagnostic."""

    def __init__(self, project: Project, config: StackConfig, run: Run, address: str, env: Mapping[str, str]) -> None:
        order = {
            "role": "program",
            "path": str(project.main),
            "cwd": str(project.main if project.main.is_dir() else project.main.parent),
            "root": str(project.root),
            "project": run.names.project,
            "stack": run.names.stack,
            "address": address,
            "preview": run.preview,
            "parallel": run.parallel,
            "config": dict(config.values),
            "secret_keys": sorted(config.secret_keys),
        }
        self._run = run
        self._said: list[str] = []
        self._child = children.start(order, env)
        self._readers = [
            self._child.pump(self._child.stdout, self._out),
            self._child.pump(self._child.stderr, self._error),
        ]
        self.ended = threading.Event()
        threading.Thread(target=self._watch, name="program", daemon=True).start()

    def _out(self, line: str) -> None:
        self._run.emit(Event("status", message=line))

    def _error(self, line: str) -> None:
        self._said = [*self._said[1 - _LAST_WORDS :], line]
        self._run.emit(Event("status", message=line))

    def _watch(self) -> None:
        self._child.wait()
        self.ended.set()

    def finish(self) -> None:
        """Wait until it has ended. A failure that it did not report itself becomes a diagnostic."""
        code = self._child.wait(_GRACE_SECONDS)
        for reader in self._readers:
            reader.join(_GRACE_SECONDS)
        if code is None:
            self.kill()
        elif code and not self._run.failed and not self._run.stopping.is_set():
            words = "\n".join(self._said)
            self._run.diagnose(f"the program ended with exit code {code}" + (f":\n{words}" if words else ""))

    def kill(self) -> None:
        """End it now."""
        self._child.kill()
