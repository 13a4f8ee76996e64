"""Files that only their owner may read, whatever stood there before and whatever the umask says."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import IO


def write_for_owner(path: Path, text: str) -> None:
    """Write the text, with mode 600, and put it in the place of what is there in one step. A link is replaced."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with 600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def open_for_owner(path: Path, mode: str) -> IO[str]:
    """Open a text file to write to, which only its owner may read, one that is there already included."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if mode == "a" else os.O_TRUNC), 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, mode, encoding="utf-8")


def folder_for_owner(path: Path) -> None:
    """Make the folder, with those around it, for its owner alone; one that is there is somebody's choice, and stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
