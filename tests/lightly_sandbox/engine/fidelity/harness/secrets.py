"""Secrets of a state opened, so that two engines can be compared by what they keep and not by how it was encrypted.

Written apart from the local engine, from the format itself: PBKDF2-SHA256 with 1,000,000 rounds and AES-256-GCM, a
ciphertext is `v1:<nonce>:<data>` and a salt `v1:<salt>:<a ciphertext of "pulumi">` in base64
(pkg/secrets/passphrase and sdk/go/common/resource/config/crypt.go of https://github.com/pulumi/pulumi).
"""

import base64
import functools
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.lightly_sandbox.engine.fidelity.rig.wire import is_secret, secret


@functools.cache
def key(passphrase: str, salt: str) -> AESGCM:
    """The key of a passphrase and the salt of a stack."""
    raw = base64.b64decode(salt.split(":")[1])
    return AESGCM(hashlib.pbkdf2_hmac("sha256", passphrase.encode(), raw, 1_000_000, 32))


def opened(value: Any, cipher: AESGCM) -> Any:
    """The value with each ciphertext replaced by an envelope that holds its plain value."""
    if is_secret(value):
        _, nonce, data = value["ciphertext"].split(":")
        text = cipher.decrypt(base64.b64decode(nonce), base64.b64decode(data), None)
        return secret(opened(json.loads(text), cipher))
    if isinstance(value, dict):
        return {name: opened(item, cipher) for name, item in value.items()}
    return [opened(item, cipher) for item in value] if isinstance(value, list) else value
