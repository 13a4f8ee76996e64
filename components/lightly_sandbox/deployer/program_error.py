"""A program that ended badly, in words: which line of it, why, and what to do; its own frames, and hardly others."""

import linecache
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lightly_core.extra import extra_with
from lightly_core.hint import with_hint

_OF_PYTHON: Final = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))


@dataclass(frozen=True)
class _Frame:
    """A line that ran; `own` when it is the program's."""

    file: Path
    number: int
    name: str
    line: str
    own: bool

    @property
    def place(self) -> str:
        """Relative to where the user is, when it is below."""
        here = Path.cwd()
        return f"{self.file.relative_to(here) if self.file.is_relative_to(here) else self.file}:{self.number}"

    def __str__(self) -> str:
        return f"{self.place} in {self.name}: {self.line}"


def in_words(error: BaseException) -> str:
    """`the program failed: FILE:LINE: KIND: TEXT`, below it the way to that line, and a hint.

    What no line of the program has raised is told with the whole traceback: it is not the user's to mend.
    """
    frames = list(_frames(error))
    own = [number for number, frame in enumerate(frames) if frame.own]
    if not own:
        told = "".join(traceback.format_exception(error)).rstrip()
        return with_hint(f"the program failed: {told}", "no line of the program is in it: report it with these lines")
    at, last = frames[own[-1]], frames[-1]
    way = [frames[number] for number in own[:-1]]
    if last is not at:  # raised by what it calls
        way += [at, last]
    return with_hint(
        "\n  ".join((f"the program failed: {at.place}: {_cause(error, at)}", *map(str, way))), _hint(error)
    )


def _frames(error: BaseException) -> Iterator[_Frame]:
    """The outermost first; of a file that cannot be read as Python the line that is wrong comes last."""
    for frame, number in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        ours = str(frame.f_globals.get("__name__")).startswith("lightly_")
        line = linecache.getline(str(file), number).strip()
        yield _Frame(file, number, frame.f_code.co_name, line, not ours and _of_a_user(file))
    if isinstance(error, SyntaxError) and error.filename:
        file = Path(error.filename)
        yield _Frame(file, error.lineno or 0, "the file", (error.text or "").strip(), _of_a_user(file))


def _of_a_user(file: Path) -> bool:
    return file.is_absolute() and not any(file.is_relative_to(folder) for folder in _OF_PYTHON)


def _cause(error: BaseException, at: _Frame) -> str:
    if isinstance(error, SystemExit):  # whose text is what `sys.exit` prints
        return f"it ended itself: {f'exit code {error.code}' if isinstance(error.code, int) else error.code}"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}{f': {text}' if text else ''}, in `{at.line}`"


def _hint(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return "Python cannot read that line, or the one before it: mend it"
    if isinstance(error, ModuleNotFoundError):
        extra = extra_with(error.name)
        what = f"'lightly-access[{extra}]'" if extra else f"what brings {error.name}"
        return f"the program runs in the environment {os.path.relpath(sys.prefix)}: install {what} there"
    if isinstance(error, SystemExit):
        return "`raise pulumi.RunError(...)` says in words why a program ends; without an error let it reach its end"
    return "mend that line: `pulumi up` would end there too"
