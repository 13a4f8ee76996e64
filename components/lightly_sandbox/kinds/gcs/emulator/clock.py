"""The clock of the local Google Cloud, which a test can move, and its two spellings of a time."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, plus an offset set by a fault."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """The time of the cloud in seconds since the epoch."""
        return time.time() + self.offset


def millis(seconds: float) -> str:
    """As Cloud Storage writes a time: `2026-11-21T08:30:00.123Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def whole(seconds: float) -> str:
    """As IAM writes a time, and a condition reads it: `2026-11-21T08:30:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(seconds: float) -> str:
    """As a header writes it: `Sat, 21 Nov 2026 08:30:00 GMT`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
