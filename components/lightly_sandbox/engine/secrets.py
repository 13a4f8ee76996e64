"""Pulumi's passphrase secrets provider: what it encrypts we decrypt, and the other way round.

AES-256-GCM with a key that PBKDF2-HMAC-SHA256 derives from the passphrase and an 8-byte salt in 1,000,000 rounds.
Source: `pkg/secrets/passphrase/manager.go` and `sdk/go/common/resource/config/crypt.go` of pulumi/pulumi.
"""

import base64
import binascii
import hashlib
import os
import threading
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lightly_core.secret import Secret

ROUNDS: Final = 1_000_000
_CHECK: Final = "pulumi"
_keys: dict[tuple[bytes, bytes], bytes] = {}
_keys_lock = threading.Lock()


class WrongPassphrase(ValueError):
    """The passphrase does not open this state or config."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the passphrase does not open {what}\n"
            "hint: it is the one that PULUMI_CONFIG_PASSPHRASE had when it was made"
        )


class MalformedSecret(ValueError):
    """A ciphertext or a salt that is not in Pulumi's form."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not in the form v1:<base64>:<base64>; hint: restore it from a backup")


def _key(passphrase: Secret, salt: bytes) -> bytes:
    """The derived key; it takes a third of a second, so it is kept for the life of this process."""
    phrase = passphrase.reveal().encode()
    identity = (hashlib.sha256(phrase).digest(), salt)
    with _keys_lock:
        if identity not in _keys:
            _keys[identity] = hashlib.pbkdf2_hmac("sha256", phrase, salt, ROUNDS, 32)
        return _keys[identity]


class Crypter:
    """Encrypts and decrypts text. The key is derived when it is first needed; `warm` does it ahead of time."""

    def __init__(self, derive: Callable[[], bytes]) -> None:
        self._derive = derive
        self._cipher: AESGCM | None = None
        self._lock = threading.Lock()

    def warm(self) -> AESGCM:
        """Derive the key now."""
        with self._lock:
            if self._cipher is None:
                self._cipher = AESGCM(self._derive())
            return self._cipher

    def encrypt(self, text: str) -> str:
        """`v1:<nonce>:<data>`, a new nonce each time."""
        nonce = os.urandom(12)
        data = self.warm().encrypt(nonce, text.encode(), None)
        return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(data).decode()}"

    def decrypt(self, text: str) -> str:
        """The text again. Raises MalformedSecret, or WrongPassphrase when the key does not fit."""
        try:
            version, nonce, data = text.split(":")
            if version != "v1":
                raise MalformedSecret("a ciphertext")
            opened = self.warm().decrypt(
                base64.b64decode(nonce, validate=True), base64.b64decode(data, validate=True), None
            )
        except InvalidTag as error:
            raise WrongPassphrase("a secret in the state or the config") from error
        except (ValueError, binascii.Error) as error:
            if isinstance(error, MalformedSecret):
                raise
            raise MalformedSecret("a ciphertext") from error
        return opened.decode()


class Passphrase(Crypter):
    """The secrets provider of a stack: a crypter and `salt`, the state that goes into the checkpoint (no secret)."""

    def __init__(self, passphrase: Secret, salt: str | None = None, what: str = "the state") -> None:
        raw = os.urandom(8) if salt is None else self._parse(salt)
        super().__init__(lambda: _key(passphrase, raw))
        self._what = what
        self._checked = salt is None
        self._prefix = f"v1:{base64.b64encode(raw).decode()}:"
        self._salt = salt

    @staticmethod
    def _parse(salt: str) -> bytes:
        try:
            version, raw, _ = salt.split(":", 2)
            if version != "v1":
                raise MalformedSecret("the encryption salt")
            return base64.b64decode(raw, validate=True)
        except (ValueError, binascii.Error) as error:
            raise MalformedSecret("the encryption salt") from error

    @property
    def salt(self) -> str:
        """`v1:<salt>:<encrypted check text>`, as in `secrets_providers.state.salt` and `encryptionsalt`."""
        if self._salt is None:
            self._salt = self._prefix + self.encrypt(_CHECK)
        return self._salt

    def check(self) -> "Passphrase":
        """Raise WrongPassphrase unless the passphrase opens the salt's check text."""
        if self._checked:
            return self
        try:
            opened = self.decrypt(self.salt.split(":", 2)[2])
        except WrongPassphrase as error:
            raise WrongPassphrase(self._what) from error
        if opened != _CHECK:
            raise WrongPassphrase(self._what)
        self._checked = True
        return self
