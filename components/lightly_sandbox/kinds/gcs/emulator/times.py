"""Two of the spellings that Google has for a time; IAM's is `emulators.clock.rfc3339`."""

from datetime import UTC, datetime
from email.utils import formatdate


def millis(seconds: float) -> str:
    """As Cloud Storage writes a time: `2026-11-21T08:30:00.123Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def http_date(seconds: float) -> str:
    """As a header writes it: `Sat, 21 Nov 2026 08:30:00 GMT`."""
    return formatdate(int(seconds), usegmt=True)
