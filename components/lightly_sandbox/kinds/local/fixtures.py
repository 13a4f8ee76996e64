"""The owner of the machine with the mounts: folders with files, and the web server in front of them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.fixtures.store_owner import Broken, Files, Guard, Listing
from lightly_sandbox.sandbox import Sandbox

SERVICE = "local"
ROTATED: tuple[str, str] | None = None
DATASETS = frozenset({"stables"})
INPUT, LIGHTLY = "input_mount", "lightly_mount"
PATH = "stables/"
THUMBNAIL = f"{PATH}.lightly/thumbnails/animal_thumb.png"
ADOPTED = frozenset({INPUT, LIGHTLY})
KEPT: frozenset[str] = frozenset()
SLOW: Mapping[str, object] = {}


def folder(sandbox: Sandbox, mount: str) -> Path:
    """A mount, on disk."""
    return Path(sandbox.services[SERVICE].ready[mount])


def seed(sandbox: Sandbox, files: Files) -> None:
    """Images in the input, and in the other what a run of the worker has left there."""
    found = list(files)
    for name, content in found:
        _put(folder(sandbox, INPUT) / PATH / name, content)
    _put(folder(sandbox, LIGHTLY) / THUMBNAIL, found[0][1])


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def break_permission(sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
    """Nothing: a mount's rights are decided by the line that starts the worker, not by a policy that could change."""
    return None


def add_objects(sandbox: Sandbox) -> list[Guard]:
    """Nothing: a destroy removes no folder in any case, and `stores` shows it."""
    return []


def stores(sandbox: Sandbox) -> Mapping[str, Listing]:
    """The mounts."""
    return {
        name: frozenset(
            (str(file.relative_to(at)), sha256(file.read_bytes()).hexdigest())
            for at in [folder(sandbox, name)]
            for file in at.rglob("*")
            if file.is_file()
        )
        for name in (INPUT, LIGHTLY)
    }


def orphans(sandbox: Sandbox) -> list[str]:
    """Nothing is ever made for a mount."""
    return []


def remake(sandbox: Sandbox, paths: Iterable[str]) -> None:
    """Nothing: the folders are never removed."""
