"""Times as Pulumi's aws provider writes them."""

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """`2026-01-31T09:00:00Z`: seconds, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
