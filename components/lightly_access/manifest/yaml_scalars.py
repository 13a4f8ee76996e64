"""Scalars as go-yaml v3 resolves them, and as Pulumi then hands them to a program.

https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go, and of Pulumi sdk/go/common/resource/config/object.go
(`unmarshalObject`): a whole float is a whole number in the JSON that a program gets, a date becomes text.
tests/lightly_access/manifest/recorded has what Pulumi's own code makes of some thousand texts.
"""

import math
import re
from datetime import date
from decimal import Decimal

_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NO_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*")
_INT = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_SIGN_INSIDE = re.compile(r"0(?:b[-+][01]+|o[-+][0-7]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_PLAIN_NUMBER = re.compile(r"-?[1-9][0-9]{0,17}|0")
_BASES = (16, 2, 8, 10)
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
_WHOLE = 1e21
"""From here on Go writes floats with an exponent (encoding/json, floatEncoder)."""

GO_DATE = " 00:00:00 +0000 UTC"
"""What follows a date in the text that Pulumi makes of it (Go's `time.Time.String`)."""


class UnreadableScalarError(ValueError):
    """A text that Pulumi refuses, or that it may read otherwise than we do."""


def resolved(text: str) -> object:
    """The value of a plain scalar. Raises UnreadableScalarError."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NO_JSON.fullmatch(text):
        raise UnreadableScalarError("a number that JSON does not have")
    if text[0] == ".":
        if "_" in text and _FLOAT.fullmatch(text.replace("_", "")):
            raise UnreadableScalarError("a number with _ after its point")
        return _float(text)
    if _TIME.fullmatch(text):
        raise UnreadableScalarError("a time")
    if found := _DATE.fullmatch(text):
        return _dated(text, *map(int, found.groups()))
    plain = text.replace("_", "")
    if _SIGN_INSIDE.fullmatch(plain):
        raise UnreadableScalarError("a number with its sign inside")
    if found := _INT.fullmatch(plain):
        sign, *digits = found.groups()
        number = next(int(each, base) for each, base in zip(digits, _BASES, strict=True) if each)
        signed = -number if sign == "-" else number
        if _SMALLEST <= signed <= (_LARGEST if not sign else 2**63 - 1):
            return signed
    return _float(plain, text)


def key_text(text: str) -> str:
    """A plain key as text, as Pulumi makes it. Raises UnreadableScalarError where that is another text."""
    key = resolved(text)
    if isinstance(key, str) and key == text:
        return key
    if (isinstance(key, bool) and text in ("true", "false")) or _PLAIN_NUMBER.fullmatch(text):
        return text
    if isinstance(key, str) and key.endswith(GO_DATE):
        raise UnreadableScalarError("a date")
    what = "nothing" if key is None else "true or false" if isinstance(key, bool) else f"the number {key}"
    raise UnreadableScalarError(what)


def _dated(text: str, year: int, month: int, day: int) -> str:
    try:
        return f"{date(year, month, day).isoformat()}{GO_DATE}"
    except ValueError:
        if year == 0:
            raise UnreadableScalarError("a date") from None
        return text


def _float(plain: str, text: str | None = None) -> object:
    """The number; the text where it is none, or too large for one."""
    if not _FLOAT.fullmatch(plain):
        return text or plain
    number = float(plain)
    if math.isinf(number):
        return text or plain
    # Go writes the shortest digits that give the number back, and zeros after them.
    return int(Decimal(repr(number))) if number.is_integer() and abs(number) < _WHOLE else number
