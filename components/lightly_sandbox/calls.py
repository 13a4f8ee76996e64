"""How many calls each side saw, in words."""

from collections.abc import Mapping

NAMES = {"aws": "AWS", "azure": "Azure", "gcs": "Google Cloud", "lightly": "Lightly"}


def calls_in_words(calls: Mapping[str, int]) -> str:
    """`calls: 40 to AWS, 9 to Lightly`."""
    return "calls: " + ", ".join(f"{count} to {NAMES[service]}" for service, count in calls.items())
