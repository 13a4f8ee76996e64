"""What a run says beside its result: notes, exchanges, and what becomes of it when nobody reads any more."""

import os
import select
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TextIO

import typer

if TYPE_CHECKING:
    import logging

UNREAD = 128 + 13
"""The exit code of a program whose reader is gone, as shells have it for SIGPIPE: `lightly-access ... | head`."""


@dataclass
class Session:
    """What the run was asked for before the verb."""

    debug: bool = False
    quiet: bool = False


session = Session()
"""Of this run."""

options: ContextVar[frozenset[str]] = ContextVar("options", default=frozenset())
"""Of the verb that runs: no hint names another one."""


def note(text: str) -> None:
    """Say something beside the result, on standard error; with --quiet nothing."""
    if not session.quiet:
        typer.echo(text, err=True)


def no_color() -> None:
    """No colour in anything that this process and those that it starts print (https://no-color.org)."""
    os.environ["NO_COLOR"] = "1"
    os.environ.pop("FORCE_COLOR", None)


def tell_exchanges() -> None:
    """A line on standard error for each exchange over HTTP that urllib3 makes: to Lightly, and to AWS. No query, and no
    secret of the environment, is shown."""
    import logging

    from lightly_core.scrub import Scrubber

    scrubber = Scrubber.of_environment(os.environ)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(lambda record: _hide(record, scrubber))
    handler.setFormatter(logging.Formatter("# %(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("urllib3.connectionpool")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


def _hide(record: "logging.LogRecord", scrubber: object) -> bool:
    from lightly_core.scrub import Scrubber, without_queries

    assert isinstance(scrubber, Scrubber)
    record.msg, record.args, record.exc_info = scrubber.scrub(without_queries(record.getMessage())), (), None
    return True


@dataclass(frozen=True)
class Output:
    """Standard output as it was when the run began."""

    stream: TextIO
    pipe: int

    @classmethod
    def now(cls) -> Self:
        """Keeps a descriptor of its own, since what prints for us may point the first one elsewhere."""
        try:
            return cls(sys.stdout, os.dup(1))
        except OSError:
            return cls(sys.stdout, -1)

    def given_up(self) -> bool:
        """Whether typer or rich met a pipe that is closed, and ends the run without a word."""
        return sys.stdout is not self.stream or (self.pipe >= 0 and not os.path.sameopenfile(1, self.pipe))

    def unread(self) -> bool:
        """Whether nobody reads it any more."""
        if self.pipe < 0 or not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self.pipe, 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))

    def forget(self) -> None:
        """Python tries to write once more as it ends, and would complain in words of its own."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)
