"""Whether this machine's clock is right, by the Date headers of whoever was asked anyway. Pure."""

from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from statistics import median_low

from lightly_access.doctor.finding import ClockReading, Finding, State

NAME = "clock"
_REFUSED_SECONDS = 300
"""What AWS bears at least: a request must reach it within five minutes of its time stamp
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html); S3 and Azure bear fifteen."""
_NOTICED_SECONDS = 30
_FIX = "set the clock by NTP (`timedatectl set-ntp true`): clouds refuse what is signed at another time than theirs"


def reading(server: str, date: str | None, before: float, after: float) -> ClockReading | None:
    """Of a Date header (RFC 9110) that came between two times of our clock, in seconds since the epoch; None for no
    or no readable one. The header has whole seconds, which is close enough."""
    try:
        said = parsedate_to_datetime(date) if date else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if said is None:
        return None
    said = said if said.tzinfo else said.replace(tzinfo=UTC)
    # Whatever lies between asking and answering is nobody's error.
    theirs, floor, ceiling = said.timestamp() + 0.5, before - 1, after + 1
    off = theirs - floor if theirs < floor else max(0.0, theirs - ceiling)
    return ClockReading(server, off)


def finding(readings: Sequence[ClockReading]) -> Finding | None:
    """What most servers say; None where nobody was asked. One of them alone may be wrong itself, and is named."""
    if not readings:
        return None
    middle = median_low(sorted(each.ahead for each in readings))
    who = ", ".join(dict.fromkeys(each.server for each in readings if abs(each.ahead - middle) < _NOTICED_SECONDS))
    off = abs(middle)
    if off < _NOTICED_SECONDS:
        return Finding(NAME, State.OK, f"agrees with {who}")
    state = State.BAD if off >= _REFUSED_SECONDS else State.WARNING
    return Finding(NAME, state, f"{_length(off)} {'behind' if middle > 0 else 'ahead of'} {who}", _FIX)


def _length(seconds: float) -> str:
    """`45 s`, `20 min`, `3 h`, `2 days`."""
    if seconds < 120:
        return f"{round(seconds)} s"
    if (minutes := round(seconds / 60)) < 120:
        return f"{minutes} min"
    hours = round(seconds / 3600)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"
