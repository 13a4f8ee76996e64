"""The secrets of a stack: Pulumi's passphrase provider, whose key is derived once for all runs.

AES-256-GCM with a key that PBKDF2-HMAC-SHA256 derives from the passphrase and an 8-byte salt in 1,000,000 rounds.
Source: `pkg/secrets/passphrase/manager.go` and `sdk/go/common/resource/config/crypt.go` of pulumi/pulumi.
"""

import base64
import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.secret import Secret

ROUNDS: Final = 1_000_000
_SHORTEST: Final = 6


class Passphrase:
    """Encrypts values of a stack's configuration and opens secrets of its state."""

    def __init__(self, phrase: Secret, salt: str = "") -> None:
        """`salt` is `encryptionsalt` of a stack's file; without one, there will be a new one."""
        self._phrase, self._salt = phrase, salt

    @functools.cached_property
    def salt(self) -> str:
        """`v1:<salt>:<encrypted check text>`, as in `encryptionsalt` and `secrets_providers.state.salt`."""
        return self._salt or f"v1:{base64.b64encode(self._raw).decode()}:{self.encrypt('pulumi')}"

    @functools.cached_property
    def _raw(self) -> bytes:
        return base64.b64decode(self._salt.split(":")[1]) if self._salt else os.urandom(8)

    @functools.cached_property
    def _box(self) -> AESGCM:
        return AESGCM(_key(self._phrase.reveal().encode(), self._raw))

    def encrypt(self, text: str) -> str:
        """`v1:<nonce>:<data>`, a new nonce each time."""
        nonce = os.urandom(12)
        parts = (nonce, self._box.encrypt(nonce, text.encode(), None))
        return ":".join(("v1", *(base64.b64encode(part).decode() for part in parts)))

    def decrypt(self, text: str) -> str:
        """The text again."""
        _, nonce, data = text.split(":")
        return self._box.decrypt(base64.b64decode(nonce), base64.b64decode(data), None).decode()

    def reveal(self, value: Any) -> Any:
        """A state with its secrets in clear: `plaintext`, which is JSON, in place of `ciphertext`."""
        return _each(value, lambda secret: {SIGNATURE: SECRET, "plaintext": self.decrypt(secret["ciphertext"])})


def _each(value: Any, open_: Callable[[dict[str, Any]], Any]) -> Any:
    if isinstance(value, list):
        return [_each(item, open_) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET and "ciphertext" in value:
        return open_(value)
    return {key: _each(item, open_) for key, item in value.items()}


def secrets_of(shown: Any) -> Iterator[str]:
    """Every text inside of a secret of a state that shows them; very short ones are not worth a hole in a message."""
    if isinstance(shown, list):
        for item in shown:
            yield from secrets_of(item)
    elif isinstance(shown, dict) and shown.get(SIGNATURE) == SECRET:
        yield from _texts(json.loads(shown["plaintext"]))
    elif isinstance(shown, dict):
        yield from secrets_of(list(shown.values()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and len(value) >= _SHORTEST:
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


@functools.lru_cache(maxsize=16)
def _key(phrase: bytes, salt: bytes) -> bytes:
    """The derived key; it takes a third of a second."""
    return hashlib.pbkdf2_hmac("sha256", phrase, salt, ROUNDS, 32)
