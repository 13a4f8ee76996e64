"""The rehearsal on a terminal: a spinner that says what is being done, and plain lines where there is no terminal."""

import time
from pathlib import Path

from lightly_access.report.lights import Report
from lightly_access.report.terminal import show
from rich.console import Console
from rich.markup import escape

from lightly_rehearsal.deployer import State
from lightly_rehearsal.lights import datasets
from lightly_rehearsal.stage import Record


class Terminal:
    """Prints to a console and, with the time, to the log file."""

    def __init__(self, console: Console, log: Path) -> None:
        self._console, self._log = console, log
        self._spinner = console.status("") if console.is_terminal else None

    def __enter__(self) -> "Terminal":
        if self._spinner:
            self._spinner.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._spinner:
            self._spinner.stop()

    def phase(self, name: str, purpose: str) -> None:
        """A heading."""
        self._note(f"== {name}: {purpose}")
        self._console.print(f"\n[bold]{name}[/]  [dim]{purpose}[/]")

    def step(self, text: str) -> None:
        """The spinner's text; only the log has all of them."""
        self._note(text)
        if self._spinner:
            self._spinner.update(f"[dim]{escape(text)[: self._console.width - 6]}[/]")

    def checked(self, ok: bool, text: str) -> None:
        """One line a check."""
        self._note(f"{'ok' if ok else 'FAILED'}: {text}")
        mark = "[green]ok[/]    " if ok else "[red bold]FAILED[/]"
        self._console.print(f"  {mark} {escape(text)}", highlight=False, soft_wrap=not self._console.is_terminal)

    def lights(self, state: State) -> None:
        """The table of lights."""
        show(Report(datasets(state)), self._console)

    def done(self, record: Record) -> None:
        """What the phase did."""
        did = ", ".join(
            f"{count} {what}"
            for what in ("created", "updated", "replaced", "deleted")
            if (count := getattr(record, what))
        )
        line = (
            f"{'ok' if record.ok else 'FAILED'} in {record.seconds:.1f} s: {did or 'no changes'}; "
            f"calls: {record.calls['aws']} to AWS, {record.calls['lightly']} to Lightly"
        )
        self._note(line)
        self._console.print(f"  [dim]{line}[/]", highlight=False, soft_wrap=not self._console.is_terminal)

    def _note(self, text: str) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {text}\n")
