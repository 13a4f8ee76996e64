"""Starts the child processes of a run, the program and its plugins, and makes sure that none outlives it."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any, Final

LAUNCHER: Final = Path(__file__).with_name("launch.py")
_LAST_WORDS_SECONDS: Final = 5.0


class Child:
    """A running child. `lines` of its output go to whoever reads them; `kill` ends it."""

    def __init__(self, process: "subprocess.Popen[str] | Forked") -> None:
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
            reader.join(_LAST_WORDS_SECONDS)
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


class Forked:
    """A child that the nursery has forked, with the part of Popen's interface that `Child` needs."""

    def __init__(self, pipes: tuple[int, int, int, int]) -> None:
        stdin, stdout, stderr, status = pipes
        self.stdin, self.stdout, self.stderr = os.fdopen(stdin, "w"), os.fdopen(stdout), os.fdopen(stderr)
        told = os.fdopen(status)
        self._code: int | None = None
        self._ended = threading.Event()
        self.pid = int(told.readline() or 0)  # 0: there is no nursery any more
        threading.Thread(target=self._watch, args=(told,), name="child-status", daemon=True).start()

    def _watch(self, told: IO[str]) -> None:
        with told:
            self._code = int(told.readline() or 1)
        self._ended.set()

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired."""
        if not self._ended.wait(timeout) or self._code is None:
            raise subprocess.TimeoutExpired("forked child", timeout or 0)
        return self._code

    def kill(self) -> None:
        """End it now."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def discard(self) -> None:
        """Close the pipes of one that was never born."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(OSError):
                pipe.close()


class Nursery:
    """A process that has imported what programs import, and forks them when asked: the second start costs little."""

    def __init__(self, env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own launcher
                [sys.executable, "-P", "-u", str(LAUNCHER), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**env, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        self._control = ours

    def fork(self) -> Forked | None:
        """A new child that waits for its order, or None when the nursery is gone."""
        pairs = [os.pipe() for _ in range(4)]
        (order, stdin), (stdout, out), (stderr, err), (status, told) = pairs
        theirs = [order, out, err, told]
        try:
            socket.send_fds(self._control, [b"f"], theirs)
        except OSError:
            self._process.kill()
        finally:
            for end in theirs:
                os.close(end)
        child = Forked((stdin, stdout, stderr, status))
        if child.pid:
            return child
        child.discard()
        return None

    def close(self) -> None:
        """End it. Its children end by themselves."""
        self._control.close()
        self._process.kill()
        self._process.wait()


_nurseries: dict[tuple[tuple[str, str], ...], Nursery] = {}
_nurseries_lock = threading.Lock()


def _nursery(env: Mapping[str, str]) -> Nursery:
    """The nursery of this process for interpreters that are set up in the same way."""
    key = tuple(sorted((name, value) for name, value in env.items() if name.startswith("PYTHON")))
    with _nurseries_lock:
        if key not in _nurseries:
            _nurseries[key] = Nursery(dict(key))
            atexit.register(_nurseries[key].close)
        return _nurseries[key]


def start(order: Mapping[str, Any], env: Mapping[str, str]) -> Child:
    """Start one with these orders; `env` is its whole environment, and goes the way of the orders."""
    process = _nursery(env).fork() or _spawn(env)
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps({**order, "env": dict(env)}) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        process.kill()
    return Child(process)


def _spawn(env: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own launcher
        [sys.executable, "-P", "-u", str(LAUNCHER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**env, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # Ctrl-C goes to us alone, so that a step in flight can end
    )
