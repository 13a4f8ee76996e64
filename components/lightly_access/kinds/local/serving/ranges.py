"""Byte ranges: which part of a file is asked for. Pure. RFC 9110, section 14."""

import re
from enum import Enum

_BYTES = re.compile(r"\s*bytes\s*=\s*(.+?)\s*", re.IGNORECASE)
_ONE = re.compile(r"([0-9]*)\s*-\s*([0-9]*)")
_LONGEST = 18  # digits: more than any file has, and few enough for `int`


class Unsatisfiable(Enum):
    """The range lies outside of the file: 416."""

    OUTSIDE = "outside"


Span = tuple[int, int]
"""First byte, and the one after the last."""


def span(header: str | None, size: int) -> Span | Unsatisfiable | None:
    """What `Range:` asks for of a file of `size` bytes; None for all of it.

    A header that cannot be read, another unit and several ranges at once are ignored, as RFC 9110 section 14.2 allows:
    the whole file is then the answer.
    """
    asked = _BYTES.fullmatch(header) if header else None
    one = _ONE.fullmatch(asked[1]) if asked else None
    if one is None:
        return None
    first, last = one[1], one[2]
    if first:
        start, end = _number(first), min(_number(last), size - 1) if last else size - 1
        if last and _number(last) < start:
            return None
        return (start, end + 1) if start < size else Unsatisfiable.OUTSIDE
    if not last:
        return None
    length = _number(last)
    return (max(0, size - length), size) if length and size else Unsatisfiable.OUTSIDE


def _number(digits: str) -> int:
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= _LONGEST else 10**_LONGEST
