"""Starts the child processes of a run, the program and its plugins, and makes sure that none outlives it."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any, Final

LAUNCHER: Final = Path(__file__).with_name("launch.py")


class Child:
    """A running child. `lines` of its output go to whoever reads them; `kill` ends it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._readers: list[threading.Thread] = []
        assert process.stdout is not None
        assert process.stderr is not None
        self.stdout: IO[str] = process.stdout
        self.stderr: IO[str] = process.stderr

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code, or None when it still runs after so many seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End it now. Safe to call twice."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def pump(self, lines: Iterable[str], to: Callable[[str], None]) -> threading.Thread:
        """Hand on each line that it writes, in a thread of its own that ends with the child."""

        def run() -> None:
            with contextlib.suppress(ValueError, OSError):
                for line in lines:
                    to(line.rstrip("\n"))

        thread = threading.Thread(target=run, name="child-output", daemon=True)
        thread.start()
        self._readers.append(thread)
        return thread


def start(order: Mapping[str, Any], env: Mapping[str, str]) -> Child:
    """Start one with these orders; `env` is its whole environment."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own launcher
        [sys.executable, "-P", "-u", str(LAUNCHER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**env, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # Ctrl-C goes to us alone, so that a step in flight can end
    )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        process.kill()
    return Child(process)
