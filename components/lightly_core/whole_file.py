"""Files that are written as a whole or not at all: a full disk leaves what was there before."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

USUAL = 0o666
"""The mode of a new file, before the umask."""


def write_whole(path: Path, text: str) -> None:
    """Put the text in the place of what is there, in one step. Raises OSError, and then nothing changed.

    The mode is that of the file before, or as the umask says. A link is followed. A device or a pipe is written to.
    """
    write_all({path: text})


def write_all(texts: Mapping[Path, str], modes: Mapping[Path, int] | None = None) -> None:
    """Several files: all of them are written beside their places before the first takes its own. Raises OSError."""
    staged: list[tuple[Path, Path]] = []
    try:
        for path, text in texts.items():
            if _streams(path):
                path.write_text(text, encoding="utf-8")
                continue
            place = path.resolve()
            staged.append((beside := _beside(place), place))
            before = _mode(place)
            _pour(beside, text, (modes or {}).get(path, before))
        for beside, place in staged:
            os.replace(beside, place)
    except BaseException:
        for beside, _ in staged:
            with contextlib.suppress(OSError):
                beside.unlink()
        raise


def refusal(path: Path) -> OSError | None:
    """Why a file cannot be written there, found out before the work that it shall hold; a full disk shows later."""
    try:
        if _streams(path):
            return None
        place = path.resolve()
        _mode(place)
        beside = _beside(place)
        _pour(beside, "", 0o600)
        beside.unlink()
    except OSError as error:
        return error
    return None


def _streams(path: Path) -> bool:
    """Whether it is a device or a pipe, such as /dev/stdout, which even a file may stand behind."""
    return path.is_relative_to("/dev") or path.is_relative_to("/proc") or path.is_fifo() or path.is_char_device()


def _beside(place: Path) -> Path:
    return place.with_name(f".lightly-access.{secrets.token_hex(4)}")


def _mode(place: Path) -> int | None:
    """Of the file that is there. Raises PermissionError where its owner may not write to it: that is meant."""
    if not place.exists():
        return None
    with place.open("ab"):
        return place.stat().st_mode & 0o7777


def _pour(beside: Path, text: str, mode: int | None) -> None:
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, USUAL if mode is None else 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        if mode is not None:
            os.fchmod(descriptor, mode)
        out.write(text)
        out.flush()
        os.fsync(descriptor)
