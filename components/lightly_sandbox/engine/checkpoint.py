"""The file that holds a stack's state: read, written so that a crash never spoils it, and locked.

The form is what `pulumi stack export` writes: `{"version": 3, "deployment": {...}}` with `manifest`,
`secrets_providers`, `resources` and `pending_operations`. Source: `DeploymentV3` in `sdk/go/common/apitype/core.go`
of pulumi/pulumi.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from lightly_core.secret import Secret

from lightly_sandbox.engine import state
from lightly_sandbox.engine.secrets import Passphrase
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import SECRET_SIGNATURE, SIGNATURE, SecretValue

VERSION: Final = "v3.260.0"  # the engine whose checkpoint we write
Doing = Literal["creating", "updating", "deleting", "reading", "importing"]


class StackLocked(RuntimeError):
    """Another run has this stack."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the stack {path} is being changed by another run\nhint: wait until it has ended")


class UnreadableState(ValueError):
    """The state file is not one of ours nor of Pulumi's."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}\nhint: it must be what `pulumi stack export` writes, version 3")


@dataclass(frozen=True)
class Operation:
    """What was being done to a resource when the state was written."""

    resource: Resource
    type: str


@dataclass
class Checkpoint:
    """What the file held: its resources in order, the operations that were in flight, and the secrets provider."""

    secrets: Passphrase
    resources: list[Resource] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    exists: bool = False


class SecretBox:
    """Encrypts each secret once, so that an unchanged secret keeps its ciphertext from run to run."""

    def __init__(self, secrets: Passphrase) -> None:
        self._secrets = secrets
        self._texts: dict[int, tuple[SecretValue, str]] = {}
        self._by_clear: dict[bytes, str] = {}

    def encrypt(self, secret: SecretValue) -> str:
        """The ciphertext of a secret; the same one for the same content."""
        known = self._texts.get(id(secret))
        if known and known[0] is secret:
            return known[1]
        clear = state.secret_text(secret)
        digest = hashlib.sha256(clear.encode()).digest()
        text = self._by_clear.get(digest) or self._secrets.encrypt(clear)
        self._by_clear[digest] = text
        self._texts[id(secret)] = (secret, text)
        return text

    def decrypt(self, text: str) -> SecretValue:
        """The secret of a ciphertext."""
        clear = self._secrets.decrypt(text)
        secret = state.decode_secret(clear)
        self._texts[id(secret)] = (secret, text)
        self._by_clear[hashlib.sha256(clear.encode()).digest()] = text
        return secret


def load(path: Path, passphrase: Secret, salt: str | None = None) -> tuple[Checkpoint, SecretBox]:
    """Read the state; a missing file is an empty stack, for which the `salt` of the stack config is used.

    Raises WrongPassphrase, UnreadableState or UnsupportedState.
    """
    if not path.exists():
        secrets = Passphrase(passphrase, salt, "the stack config")
        return Checkpoint(secrets.check()), SecretBox(secrets)
    document = _parse(path)
    provider = document.get("secrets_providers") or {}
    if provider and provider.get("type") != "passphrase":
        raise UnreadableState(path, f"its secrets provider is {provider.get('type')!r}, expected 'passphrase'")
    secrets = Passphrase(passphrase, provider["state"]["salt"] if provider else salt, str(path)).check()
    box = SecretBox(secrets)
    return Checkpoint(
        secrets,
        [state.from_json(item, box.decrypt) for item in document.get("resources") or []],
        [
            Operation(state.from_json(item["resource"], box.decrypt), item["type"])
            for item in document.get("pending_operations") or []
        ],
        exists=True,
    ), box


def _parse(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text())
    except ValueError as error:
        raise UnreadableState(path, f"it is not JSON ({error})") from error
    if not isinstance(document, dict) or document.get("version") != 3 or "deployment" not in document:
        raise UnreadableState(path, "it is not a checkpoint of version 3")
    deployment: dict[str, Any] = document["deployment"]
    for unsupported in ("snippets", "extensions"):
        if deployment.get(unsupported):
            raise UnreadableState(path, f"it holds {unsupported}, which the local engine does not support")
    return deployment


def render(secrets: Passphrase, resources: list[dict[str, Any]], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of a state whose resources are serialised already."""
    deployment: dict[str, Any] = {
        "manifest": {"time": state.now(), "magic": hashlib.sha256(VERSION.encode()).hexdigest(), "version": VERSION},
        "secrets_providers": {"type": "passphrase", "state": {"salt": secrets.salt}},
    }
    if resources:
        deployment["resources"] = resources
    if operations:
        deployment["pending_operations"] = operations
    return {"version": 3, "deployment": {**deployment, "metadata": {}}}


def reveal(value: Any, box: SecretBox) -> Any:
    """A rendered state with its secrets in clear: `plaintext`, which is JSON, in place of `ciphertext`."""
    if isinstance(value, list):
        return [reveal(item, box) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET_SIGNATURE:
        return {SIGNATURE: SECRET_SIGNATURE, "plaintext": state.secret_text(box.decrypt(value["ciphertext"]))}
    return {key: reveal(item, box) for key, item in value.items()}


def write(path: Path, text: str) -> None:
    """Replace the file as a whole: written beside it, flushed, renamed over it. Readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the stack for the time of a run; the system lets go of it when this process ends in any way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackLocked(path) from error
        yield
    finally:
        os.close(lock)
