"""What a registered credential can do in its directory: list, read, write, overwrite.

Lightly asks for an existing directory, which may be empty (https://docs.lightly.ai/docs/cloud-storage): so one object
or a placeholder must be below it. Each question is put to the cloud, and what it says is the answer's text. Where the
real Lightly writes its probe is not known; here it is `.lightly/verify-<random>`, removed again when deleting is
permitted.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from typing import Protocol

from lightly_sandbox.lightly.findings import READING, WRITING, FindingError, Findings, Words

_PROBE = ".lightly/verify-"
ENOUGH = 100
"""Keys to look through for one that is not a placeholder."""


class Door(Protocol):
    """A credential at work in one bucket or container. Every call raises what the cloud's client raises."""

    def list(self, prefix: str) -> list[str]:
        """The first keys below a prefix, ENOUGH at most."""
        ...

    def read(self, key: str) -> None: ...

    def write(self, key: str, content: bytes) -> None:
        """An object, new or in place of what was there."""
        ...

    def delete(self, key: str) -> None: ...

    def absent(self, error: Exception) -> bool:
        """Whether the cloud says that there is no such object, which it says only to whom may look."""
        ...


class Place(Protocol):
    """Where the credential is for, as it is named to a person; the prefix is empty or ends in `/`."""

    @property
    def prefix(self) -> str: ...

    def named(self, key: str) -> str:
        """An object or directory of it, and as whom it was asked for."""
        ...


def look(
    place: Place, enter: Callable[[], contextlib.AbstractContextManager[Door]], words: Words, *, writing: bool
) -> Findings:
    """Ask list and read, and with `writing` also write and overwrite; `enter` uses the credential anew."""
    findings = Findings({})
    asked = READING + WRITING if writing else READING
    with findings.asking(*asked, of=place.named(place.prefix), words=words), enter() as door:
        _read(door, place, findings, words)
        if writing:
            _write(door, place, findings, words)
    return findings


def _read(door: Door, place: Place, findings: Findings, words: Words) -> None:
    """List the directory; read what is in it, or its placeholder when nothing was listed."""
    keys: list[str] = []
    with findings.asking("list", of=place.named(place.prefix), words=words):
        keys = door.list(place.prefix)
        if not keys and place.prefix:
            raise FindingError("NoSuchDirectory: nothing is stored below this path, not even a placeholder object")
    # Another verification's probe may be gone before it is read; a placeholder is the last choice.
    lasting = [key for key in keys if not key.startswith(f"{place.prefix}{_PROBE}")]
    key = next((key for key in lasting if not key.endswith("/")), lasting[0] if lasting else place.prefix)
    with findings.asking("read", of=place.named(key), words=words), _nothing_to_read(door, key):
        door.read(key or f".lightly/absent-{secrets.token_hex(8)}")


@contextlib.contextmanager
def _nothing_to_read(door: Door, key: str) -> Iterator[None]:
    """An empty bucket gives no better question than for a key that is not there."""
    try:
        yield
    except Exception as error:
        if key or not door.absent(error):
            raise


def _write(door: Door, place: Place, findings: Findings, words: Words) -> None:
    """Write a probe object, write it again, and take it away."""
    key = f"{place.prefix}{_PROBE}{secrets.token_hex(8)}"
    of = place.named(key)
    with findings.asking("write", "overwrite", of=of, words=words):
        door.write(key, b"lightly verifies that it may write\n")
        with findings.asking("overwrite", of=of, words=words):
            door.write(key, b"lightly verifies that it may overwrite\n")
        # Deleting is not among the questions; where it is refused the probe object stays.
        try:
            door.delete(key)
        except Exception as error:
            if words(error) is None:
                raise
