"""Which file a path of a URL means: one below a mount, or a refusal. Knows no HTTP.

Lightly's old helper handed out any file of the machine (`/../../etc/passwd`), followed symbolic links out of the mount
and listed directories. Here a path is taken apart into names first, and every name on the way is looked at before the
next: what is no plain name is refused, and a symbolic link counts only when what it leads to lies in the same mount.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lightly_core.fault import Fault


class Refusal(Enum):
    """Why a path means no file."""

    MALFORMED = "the path holds what no file name below a mount can hold"
    MISSING = "no mount has a file of this path"
    OUTSIDE = "a symbolic link on this path leads out of the mount"
    UNREADABLE = "the file is there and may not be read by the user who serves it"


@dataclass(frozen=True, slots=True)
class File:
    """A regular file below a mount: `path` has no symbolic link in it; size in bytes, time in nanoseconds."""

    path: str
    size: int
    modified_ns: int


def mount_fault(folder: Path) -> Fault | None:
    """Whether a folder can be served: there, a folder, not the whole disk, and open to us."""
    if not folder.is_dir():
        return Fault("a folder that exists", "a file cannot be mounted" if folder.exists() else None)
    if folder.resolve() == Path(folder.resolve().anchor):
        return Fault("a folder with the data, not the whole disk")
    if not os.access(folder, os.R_OK | os.X_OK):
        return Fault("a folder that this user may read and enter", f"chmod u+rx {folder}")
    return None


@dataclass(frozen=True, slots=True)
class Mounts:
    """The folders that are served, without symbolic links, LIGHTLY before INPUT."""

    folders: tuple[str, ...]

    @classmethod
    def of(cls, lightly: Path | None, source: Path | None) -> "Mounts":
        """Either may be missing. Raises ValueError for a folder that cannot be served."""
        for name, folder in (("lightly_mount", lightly), ("input_mount", source)):
            if folder and (fault := mount_fault(folder)):
                raise ValueError(f"{name}: {fault.sentence(str(folder))}")
        return cls(tuple(dict.fromkeys(os.path.realpath(folder) for folder in (lightly, source) if folder)))

    def find(self, path: str) -> File | Refusal:
        """See `resolve`."""
        return resolve(self.folders, path)


def resolve(mounts: Sequence[str], path: str) -> File | Refusal:
    """The file that `path`, decoded exactly once, means below the first of the mounts that has it.

    `mounts` have no symbolic link in them: see Mounts. Leading and doubled `/` mean nothing, as on disk. Whoever
    may write into a mount can exchange a folder for a link between this answer and the opening of the file; that is
    true of every server that opens by name, nginx included, and is why a mount must not be writable by strangers.
    """
    names = _names(path)
    if names is None:
        return Refusal.MALFORMED
    found: File | Refusal = Refusal.MISSING
    for mount in mounts:
        here = _below(mount, names)
        if isinstance(here, File):
            return here
        found = here if found is Refusal.MISSING else found
    return found


def _names(path: str) -> list[str] | None:
    """The names of a path, or None. Backslashes are separators to some, a NUL ends a name for the system."""
    if "\\" in path or "\0" in path:
        return None
    names = [name for name in path.split("/") if name]
    if "." in names or ".." in names or not names:
        return None
    return names if not path.endswith("/") else None


def _below(mount: str, names: list[str]) -> File | Refusal:
    """One name after the other, so that no symbolic link is followed unseen."""
    here = mount
    try:
        for name in names:
            here = f"{here}/{name}"
            status = os.lstat(here)
            if stat.S_ISLNK(status.st_mode):
                here = os.path.realpath("/".join((mount, *names)), strict=True)
                if not here.startswith(f"{mount}/"):
                    return Refusal.OUTSIDE
                status = os.lstat(here)
                break
    except PermissionError:
        return Refusal.UNREADABLE
    except OSError:
        return Refusal.MISSING
    except ValueError:  # a character that the file system's encoding does not have
        return Refusal.MALFORMED
    if not stat.S_ISREG(status.st_mode):  # no directory listing; a pipe or device would block or never end
        return Refusal.MISSING
    if not os.access(here, os.R_OK):
        return Refusal.UNREADABLE
    return File(here, status.st_size, status.st_mtime_ns)
