"""What is shown of a fleet while a verb runs for its shards, on standard error.

On a terminal each of them has a line that lives; in a file or a pipe it has one when it begins, one when it ends, and
one a minute in between. Where nobody reads any more, as when the terminal was closed, the verb goes on.
"""

import contextlib
import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import typer

from lightly_cli.session import note, session

if TYPE_CHECKING:
    from lightly_access.fleet.ran import Ran

_SECONDS = 60.0


class Shown:
    """Is told by several threads, inside a `with` block."""

    def __init__(self, total: int, *, silent: bool, console: Any = None, every: float = _SECONDS) -> None:
        """`total` shards are meant. With `silent`, as with --quiet, only what `says` is told is shown. `console` is
        rich's of a terminal, where it is not standard error; `every` so many seconds a pipe has a line."""
        from lightly_access.fleet.progress import Progress

        self._progress, self._lock = Progress(total), threading.Lock()
        self._silent, self._every = silent or session.quiet, every
        self._live = None if self._silent else _live(console, self._text)
        self._over = threading.Event()
        self.interrupted = threading.Event()
        """Set at a Ctrl-C."""
        self._ticking = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if self._live:
            with contextlib.suppress(OSError):
                self._live.start(refresh=True)
        elif not self._silent:
            self._ticking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        if self._live:
            with contextlib.suppress(OSError):
                self._live.stop()
        elif not self._silent:
            self._ticking.join()

    def begins(self, stack: str) -> None:
        """This shard is begun with."""
        with self._lock:
            self._progress.begins(stack, time.monotonic())
        if not self._live and not self._silent:
            with contextlib.suppress(OSError):
                note(f"{stack}  begins")

    def comes(self, stack: str, done: int, of: int, noun: str) -> None:
        """It has done so many of so many; 0 where nobody knows of how many."""
        with self._lock:
            self._progress.comes(stack, done, of, noun)

    def ends(self, run: "Ran", *, always: bool = False) -> None:
        """It is over, which is shown; `always` whatever is shown besides."""
        with self._lock:
            self._progress.ends(run.stack)
        if always or not self._silent:
            self.says(run.line[0])

    def says(self, text: str) -> None:
        """A line that must be read, whatever is shown besides."""
        with contextlib.suppress(OSError):
            if self._live:
                self._live.console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)
            else:
                typer.echo(text, err=True)

    def _lines(self) -> list[str]:
        with self._lock:
            return list(self._progress.lines(time.monotonic()))

    def _text(self) -> Any:
        from rich.text import Text

        return Text("\n".join(self._lines()), style="dim", no_wrap=True, overflow="ellipsis")

    def _tick(self) -> None:
        while not self._over.wait(self._every):
            with contextlib.suppress(OSError):
                for line in self._lines():
                    note(line)


def _live(console: Any, text: Any) -> Any:
    """Lines that are written anew, four times a second; None where nobody could see that, or each exchange has a line
    (--verbose)."""
    if console is None and (session.debug or not sys.stderr.isatty()):
        return None
    from rich.console import Console
    from rich.live import Live

    shown = console or Console(stderr=True)
    if not shown.is_interactive:
        return None
    return Live(console=shown, get_renderable=text, transient=True, redirect_stdout=False, redirect_stderr=False)
