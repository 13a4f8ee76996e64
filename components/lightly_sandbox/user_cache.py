"""What a rehearsal needs that no Python package brings, made once for a user: Pulumi's command line, and Azurite.

It is made in a folder beside its place and moved there in one step at the end. One process makes it: who comes second
waits, and finds the result. What a killed one left is removed by the next. Only Python's own library is imported here:
Pulumi is built while the others are installed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

Tell = Callable[[str], None]
_SCRATCH: Final = "building-"


class ToolMissingError(RuntimeError):
    """Something that no Python package brings is missing, and could not be had; the text says what to do."""


class CommandFailedError(RuntimeError):
    """A command did not end well; its log tells why."""


def say(text: str) -> None:
    """Where whoever started a command sees it, and no report is written."""
    print(text, file=sys.stderr, flush=True)


def folder(name: str) -> Path:
    """Where something of this name is kept, for every checkout and every environment of this user."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "lightly-access" / name


def once(kept: Path, name: str, waiting: str, tell: Tell, make: Callable[[Path], Path]) -> Path:
    """What is called `name` in the folder `kept`, made when it is not there; the folder is ours alone.

    `make` is given an empty folder; what it returns is moved. `waiting` is told when another process is at it.
    """
    place = kept / name
    if place.exists():
        return place
    with _alone(kept, lambda: tell(waiting)):
        if place.exists():  # somebody else made it
            return place
        for left in kept.glob(f"{_SCRATCH}*"):  # by those that were killed: nobody else is in here
            shutil.rmtree(left, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=kept))
        try:
            made = make(scratch)
            place.parent.mkdir(exist_ok=True)
            made.replace(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return place


@contextlib.contextmanager
def _alone(kept: Path, wait: Callable[[], None]) -> Iterator[None]:
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lines(command: list[str], folder: Path, env: Mapping[str, str], log: Path, *, merged: bool = True) -> Iterator[str]:
    """What a command says, line by line: all of it, which is logged, or its standard output, and the rest is logged.

    It ends when this process is interrupted. Raises CommandFailedError.
    """
    with (
        log.open("ab") as written,
        subprocess.Popen(  # noqa: S603 - Go, npm, pip, and what was built
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else written,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if merged:
                    written.write(line)
                yield line.decode(errors="replace").strip()
            code = process.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if code:
        raise CommandFailedError(f"{Path(command[0]).name} ended with {code}")
