"""The rehearsal on a terminal: a spinner that says what is being done, and plain lines where there is no terminal."""

import re
import time
from pathlib import Path

from lightly_access.report.lights import Report
from lightly_access.report.terminal import lines, show
from lightly_core.owner_file import folder_for_owner, open_for_owner
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from lightly_sandbox.calls import calls_in_words
from lightly_sandbox.context import Record
from lightly_sandbox.deployer import State
from lightly_sandbox.lights import datasets

SILENCE_SECONDS = 5.0
"""Without a spinner, what is being done is printed when nothing was for so long."""
_ARN = re.compile(r"arn:aws:[\w-]+:[\w-]*:\d{12}:[\w/-]*?/lightly-access-rehearsal-([\w-]+)")


def shorter(text: str) -> str:
    """ARNs of the rehearsal's own identities without what all of them have in common."""
    return _ARN.sub(r"…\1", text)


class Terminal:
    """Prints to a console and, in full and with the time, to the log file."""

    def __init__(self, console: Console, log: Path) -> None:
        self._console, self._log = console, log
        self._spinner = console.status("") if console.is_terminal else None
        self._printed = time.monotonic()

    def __enter__(self) -> "Terminal":
        if self._spinner:
            self._spinner.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.rest()

    def rest(self) -> None:
        """Stop the spinner: nothing is being done from here on."""
        if self._spinner:
            self._spinner.stop()

    def begins(self, what: str) -> None:
        self._note(what)
        self._print(escape(what))

    def phase(self, name: str, purpose: str) -> None:
        self._note(f"== {name}: {purpose}")
        self._print("")
        self._print(f"[dim]{purpose}[/]", f"[bold]{name}[/]  ")

    def step(self, text: str) -> None:
        """The spinner's text; only the log has all of them."""
        self._note(text)
        if self._spinner:
            self._spinner.update(f"[dim]{escape(shorter(text))[: self._console.width - 6]}[/]")
        elif time.monotonic() - self._printed >= SILENCE_SECONDS:
            self._print(escape(shorter(text)), "  ...    ")

    def checked(self, ok: bool, text: str) -> None:
        self._note(f"{'ok' if ok else 'FAILED'}: {text}")
        mark = "[green]ok[/]    " if ok else "[red bold]FAILED[/]"
        self._print(escape(shorter(text) if ok else text), f"  {mark} ")

    def lights(self, state: State) -> None:
        report = Report(datasets(state))
        for line in lines(report):
            self._note(line)
        show(report, self._console)

    def done(self, record: Record) -> None:
        did = ", ".join(
            f"{count} {what}"
            for what in ("created", "updated", "replaced", "deleted")
            if (count := getattr(record, what))
        )
        line = (
            f"{'ok' if record.ok else 'FAILED'} in {record.seconds:.1f} s: {did or 'no changes'}; "
            f"{calls_in_words(record.calls)}"
        )
        self._note(line)
        self._print(f"[dim]{line}[/]", "  ")

    def say(self, markup: str) -> None:
        """A line of the whole, in rich's markup; not for the log."""
        self._print(markup)

    def _print(self, markup: str, head: str = "") -> None:
        """On a terminal what does not fit beside its head goes on below itself."""
        self._printed = time.monotonic()
        if not (head and self._console.is_terminal):
            self._console.print(f"{head}{markup}", highlight=False, soft_wrap=not self._console.is_terminal)
            return
        line = Table.grid()
        line.add_column(width=Text.from_markup(head).cell_len, no_wrap=True)
        line.add_column(overflow="fold")
        line.add_row(head, markup)
        self._console.print(line, highlight=False)

    def _note(self, text: str) -> None:
        folder_for_owner(self._log.parent)
        with open_for_owner(self._log, "a") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {text}\n")
