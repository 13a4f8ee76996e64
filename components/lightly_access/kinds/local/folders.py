"""A local store: two folders of a machine and where they are served. Only `remarks` looks at the disk."""

import grp
import os
import pwd
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.lightly_rules import MOUNTS

from lightly_access import secret_refs
from lightly_access.kinds.local import names as local_names

if TYPE_CHECKING:
    from lightly_access.kinds.local.store import LocalStore


@dataclass(frozen=True)
class LocalFolders:
    """The folders of the host; either may be missing. Raises ValueError for one that docker cannot mount."""

    input_mount: str | None = None
    """The folder with the raw data, which the worker mounts read only."""
    lightly_mount: str | None = None
    """The folder that Lightly writes its results to."""
    web_server: str = local_names.WEB_SERVER
    """Where they are served to Lightly's web application."""

    def __post_init__(self) -> None:
        rules = {**dict.fromkeys(MOUNTS.values(), local_names.mount_folder), "web_server": local_names.web_server}
        given = {name: value for name in rules if (value := getattr(self, name)) is not None}
        if wrong := [f"{key}: {fault.sentence(text)}" for key, text in given.items() if (fault := rules[key](text))]:
            raise ValueError("\n".join(wrong))

    @classmethod
    def of(cls, name: str, store: "LocalStore", environ: Mapping[str, str]) -> "LocalFolders":
        """The folders that a store of the manifest names.

        Raises SecretReferenceError for a variable that is not set.
        """

        def text(key: str) -> str | None:
            value: str | None = getattr(store, key)
            return secret_refs.resolved(value, f"stores.{name}.{key}", environ) if value is not None else None

        return cls(text("input_mount"), text("lightly_mount"), text("web_server") or local_names.WEB_SERVER)

    def mount(self, purpose: Purpose) -> str:
        """The folder of the host for this purpose. Raises ValueError when there is none."""
        folder = self.input_mount if purpose is Purpose.INPUT else self.lightly_mount
        if folder is None:
            name = MOUNTS[purpose]
            raise ValueError(f"{name}: got nothing, expected the folder for {purpose}\nhint: give the store a {name}")
        return folder

    def remarks(self) -> Iterator[tuple[str, str, Fault]]:
        """What this machine has to say: name of the mount, the folder, what is not as the worker needs it."""
        for purpose, name in MOUNTS.items():
            folder: str | None = getattr(self, name)
            if folder is not None and (fault := folder_fault(Path(folder), writable=purpose == Purpose.LIGHTLY)):
                yield name, folder, fault


def folder_fault(folder: Path, *, writable: bool) -> Fault | None:
    """Whether this user can use the folder as the worker does: read and enter it, and write to the LIGHTLY one."""
    wanted = "that this user may read, write and enter" if writable else "that this user may read and enter"
    try:
        status = folder.stat()
    except PermissionError:
        return Fault(f"a folder {wanted}", "a folder above it may not be entered: namei -l shows the bits of each")
    except OSError:
        hint = f"mkdir -p {folder}; on another machine than the worker's this says nothing"
        return Fault("a folder that exists on this machine", f"docker would make it, empty and owned by root: {hint}")
    if not stat.S_ISDIR(status.st_mode):
        return Fault("a folder", "it is a file")
    if os.access(folder, os.R_OK | os.X_OK | (os.W_OK if writable else 0)):
        return None
    return Fault(f"a folder {wanted}", _bits(status, writable))


def _bits(status: os.stat_result, writable: bool) -> str:
    """`drwxr-xr-x root:root` in words, and the way out."""
    owner, group = _name(pwd.getpwuid, status.st_uid), _name(grp.getgrgid, status.st_gid)
    rights = stat.filemode(status.st_mode)
    words = ", ".join(
        f"{who} may {_may(rights[at : at + 3])}"
        for who, at in ((f"its owner {owner}", 1), (f"its group {group}", 4), ("others", 7))
    )
    need = "u+rwx" if writable else "u+rx"
    return (
        f"it is {rights} {owner}:{group}: {words}; you are {_name(pwd.getpwuid, os.geteuid())}; chmod {need} or chown"
    )


def _may(bits: str) -> str:
    known = {"r": "read", "w": "write", "x": "enter", "s": "enter", "t": "enter"}
    return " and ".join(known[bit] for bit in bits if bit in known) or "nothing"


def _name(look_up: object, number: int) -> str:
    """The name of a user or group; a number that has none, as in containers, is shown itself."""
    try:
        return str(look_up(number)[0])  # type: ignore[operator]  # pwd.getpwuid or grp.getgrgid
    except KeyError:
        return str(number)
