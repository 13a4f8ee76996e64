"""The clock of a local cloud, which a test can move."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, plus an offset set by a fault."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """The time of the cloud in seconds since the epoch."""
        return time.time() + self.offset

    def date(self) -> datetime:
        """The same as a date in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)


def rfc3339(seconds: float) -> str:
    """`2026-11-21T08:30:00Z`, whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
