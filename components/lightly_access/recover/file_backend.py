"""What a run that was killed leaves in a backend of files beside the state: a lock, and half of a file's attributes.

The lock: `lock.go` in `pkg/backend/diy` of pulumi/pulumi: a file a run in `.pulumi/locks/` by project and stack.
The attributes: gocloud.dev writes `<file>.attrs` beside each file, which hold nothing that Pulumi needs; an empty one
makes the file unreadable (`fileblob/attrs.go` there).
"""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Lock:
    """A run that holds, or held, the stack."""

    path: Path
    pid: int
    user: str
    host: str
    since: str

    @property
    def here(self) -> bool:
        """Whether it is one of this machine."""
        return self.host == socket.gethostname()

    @property
    def is_over(self) -> bool:
        """Whether its process has ended; only on its machine can that be told."""
        return self.here and not _lives(self.pid)

    def __str__(self) -> str:
        return f"a run of {self.user}@{self.host} (process {self.pid}, since {self.since})"


def folder(url: str) -> Path | None:
    """The folder of a backend of files; None for any other."""
    if not url.startswith("file://"):
        return None
    parts = urlsplit(url)
    return Path(unquote(f"{parts.netloc}{parts.path}") or ".").expanduser()


def locks(backend: Path, stack: str) -> list[Lock]:
    """Of one stack, by its whole name: `organization/<project>/<stack>`. Another project may have one of that name."""
    found = backend.joinpath(".pulumi", "locks", *stack.split("/")).glob("*.json")
    return [lock for path in sorted(found) if (lock := _lock(path))]


def broken(backend: Path) -> Iterator[Path]:
    """Attributes that nobody can read, and that nobody needs."""
    for path in sorted((backend / ".pulumi").rglob("*.attrs")):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            yield path
        except OSError:  # somebody else's, or gone meanwhile
            continue


def _lock(path: Path) -> Lock | None:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, OSError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("pid"), int):
        return None
    user, host, since = (str(found.get(name, "unknown")) for name in ("username", "hostname", "timestamp"))
    return Lock(path, found["pid"], user, host, since[:19])


def _lives(pid: int) -> bool:
    """A number that another program has by now is no run of Pulumi's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    name = _PROC / str(pid) / "comm"
    try:
        return not _PROC.is_dir() or "pulumi" in name.read_text()
    except OSError:
        return False
