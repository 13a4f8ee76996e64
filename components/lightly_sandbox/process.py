"""A server of the rehearsal as a child process: started, identified, stopped, never left behind.

The protocol, both sides in this file:

1. The parent starts `python -m <module>` and writes one line of JSON, the settings, to the child's standard input.
   Secrets travel there and nowhere else: not in arguments, not in the environment. Of the user's environment a child
   gets what an interpreter needs to run, and none of the keys and tokens that may be there.
2. The child binds a free port on 127.0.0.1 and writes one line of JSON to standard output; `port` is in it.
3. The parent keeps the child's standard input open. When it closes, because the parent stopped the child or died in any
   way, the child ends.

`nonce` is in every settings line. A child answers it to whoever asks for its identity, so that a client can check that
it talks to the server it started and not to whatever else has that port.
"""

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

START_SECONDS = 60.0
_INHERITED = re.compile(
    r"PATH|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|VIRTUAL_ENV|(LD|DYLD)_\w+|PYTHON\w*|SYSTEMROOT", re.IGNORECASE
)
"""The variables that a child inherits."""


class ServerStartError(RuntimeError):
    """A child ended or stayed silent instead of saying its port."""

    def __init__(self, module: str, detail: str) -> None:
        self.module = module
        super().__init__(f"{module} did not start: {detail}\nhint: its own words are in the log file of the run")


@dataclass
class ServerProcess:
    """A running child: its module, the port it bound, the nonce it knows and all that it said when it had started."""

    module: str
    port: int
    nonce: str
    announcement: Mapping[str, Any]
    _child: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """Where an HTTP client finds it."""
        return f"http://127.0.0.1:{self.port}"

    def ask_to_end(self) -> None:
        """Close its input: several end side by side before each is waited for. Safe to call twice."""
        if self._child.stdin and not self._child.stdin.closed:
            with contextlib.suppress(OSError):
                self._child.stdin.close()

    def stop(self, grace: float = 3.0) -> None:
        """Ask it to end; terminate and kill it if it does not. Safe to call twice."""
        self.ask_to_end()
        for ask in (None, self._child.terminate, self._child.kill):
            if ask:
                ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(grace)
                break
        if self._child.stdout:
            self._child.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


@dataclass
class Starting:
    """A child that was started and has not yet said that it is ready; several may start side by side."""

    module: str
    nonce: str
    _child: "subprocess.Popen[str]"

    def configure(self, settings: Mapping[str, Any]) -> Self:
        """Send the settings line, which a child reads only after its imports: several get ready side by side."""
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it ended already: `wait` says so
            self._child.stdin.write(json.dumps({**settings, "nonce": self.nonce}) + "\n")
            self._child.stdin.flush()
        return self

    def abandon(self) -> None:
        """Stop it although it never became ready."""
        ServerProcess(self.module, 0, self.nonce, {}, self._child).stop()

    def wait(self, seconds: float = START_SECONDS) -> ServerProcess:
        """What it announces. Raises ServerStartError when it ends or says nothing in time."""
        assert self._child.stdout is not None
        timer = threading.Timer(seconds, self._child.kill)
        timer.start()
        try:
            line = self._child.stdout.readline()
        finally:
            timer.cancel()
        if not line:
            self.abandon()
            code = self._child.returncode
            raise ServerStartError(self.module, f"it ended with exit code {code} before it was ready")
        announcement: dict[str, Any] = json.loads(line)
        return ServerProcess(self.module, int(announcement["port"]), self.nonce, announcement, self._child)


def spawn(module: str, log: Path | None = None) -> Starting:
    """Start `python -m module`, which then waits for its settings; its standard error is appended to `log`."""
    with contextlib.ExitStack() as stack:
        stderr: IO[bytes] | int = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={name: value for name, value in os.environ.items() if _INHERITED.fullmatch(name)},
            start_new_session=True,  # Ctrl-C goes to the parent, which stops its children in order
        )
    return Starting(module, secrets.token_hex(16), child)


def start(module: str, settings: Mapping[str, Any], log: Path | None = None) -> Starting:
    """Start `python -m module` with these settings."""
    return spawn(module, log).configure(settings)


def read_settings() -> dict[str, Any]:
    """Child side: the settings line of the parent."""
    settings: dict[str, Any] = json.loads(sys.stdin.readline())
    return settings


def announce(port: int, **more: object) -> None:
    """Child side: say that the server is ready."""
    print(json.dumps({"port": port, **more}), flush=True)


def end_with_parent(stop: Callable[[], None] | None = None) -> threading.Thread:
    """Child side: when the parent closes our input, or is gone, call `stop` and end the process.

    At once: to take an interpreter with a cloud's SDK apart takes it longer than to stop, and several do so together.
    """

    def watch() -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdin.read()
        try:
            if stop:
                stop()
        except Exception:  # the end of the process would take it along
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError):  # of a log that has no room
                sys.stderr.flush()
            os._exit(0)

    thread = threading.Thread(target=watch, name="end-with-parent", daemon=True)
    thread.start()
    return thread
