"""Looks for secrets in texts, in every encoding in which they may have slipped out, cut or wrapped too.

The encodings are not those of `lightly_core.scrub`: this is its check, and must find what that one forgets.
"""

import base64
import html
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qs, quote, quote_plus

import numpy as np
import numpy.typing as npt

_WINDOW = 12
"""So much of a secret is enough to give it away, and too much to be found by chance."""
_WORD, _BITS = 8, 20
_UNSEEN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\s│┃|\\]")
"""What a terminal or a pretty printer puts into a long text: colours, line ends, borders, and escapes of line ends."""
_PUBLIC = 600
"""So much of a private key's text is its head and what the public key has as well (RFC 8017, A.1.2: an RSA key of 2048
bits begins with its modulus and its public exponent)."""

ENCODINGS: tuple[Callable[[str], str], ...] = (
    str,
    quote,
    lambda text: quote(text, safe=""),
    lambda text: re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), quote(text, safe="")),
    quote_plus,
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    html.escape,
    lambda text: repr(text)[1:-1],
    lambda text: text.encode().hex(),
)


class SecretSearch:
    """Knows secrets by what they are. Texts shorter than a window are no secrets, and refused."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._names = frozenset(secrets)
        self._needles: dict[int, set[tuple[str, bytes]]] = {}
        """By their first eight bytes."""
        for what, secret in secrets.items():
            for needle in _needles(what, secret):
                raw = needle.encode()
                self._needles.setdefault(int.from_bytes(raw[:_WORD], sys.byteorder), set()).add((what, raw))
        self._likely = np.zeros(1 << _BITS, dtype=bool)
        self._likely[_hashes(np.array([*self._needles], dtype=np.uint64))] = True

    def found(self, text: str) -> list[str]:
        """What of the secrets is in the text: all of one, or a part of it that is long enough to tell."""
        return sorted(self._found(text.encode()) | self._found(_UNSEEN.sub("", text).encode()))

    def _found(self, text: bytes) -> set[str]:
        """There are thousands of needles and megabytes of text: all are looked for at once, by how they begin."""
        begun: set[int] = set()
        for shift in range(_WORD):
            words = np.frombuffer(text, np.uint64, max(0, (len(text) - shift) // _WORD), min(shift, len(text)))
            begun.update(words[self._likely[_hashes(words)]].tolist())
        needles = (pair for word in begun & self._needles.keys() for pair in self._needles[word])
        return {what for what, needle in needles if needle in text}

    def __len__(self) -> int:
        return len(self._names)


def _hashes(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Fibonacci hashing: the upper bits of a product."""
    return words * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _BITS)


def parts(secret: str) -> list[str]:
    """What in a secret is secret: of a key file its private key, of a SAS token its signature; else all of it."""
    if secret.lstrip().startswith("{"):
        key = json.loads(secret)["private_key"]
        return ["".join(line for line in key.splitlines() if "-----" not in line)[_PUBLIC:]]
    if "sig=" in secret:
        return parse_qs(secret.removeprefix("?"))["sig"]
    return [secret]


def _needles(what: str, secret: str) -> Iterator[str]:
    for part in parts(secret):
        assert len(part) >= _WINDOW, f"{what} is too short to be looked for"
        for begin in {0, (len(part) - _WINDOW) // 2, len(part) - _WINDOW}:
            window = part[begin : begin + _WINDOW]
            yield from (dress(window) for dress in ENCODINGS)
            yield from in_base64(window)


def in_base64(text: str) -> Iterator[str]:
    """What base64 of any longer text with this one in it has of it, at each of the three places in a group."""
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + text.encode()).decode().rstrip("=")
        sure = whole[(shift * 8 + 5) // 6 : (shift + len(text.encode())) * 8 // 6]
        yield sure
        yield sure.replace("+", "-").replace("/", "_")
