"""How many calls each cloud saw, in words."""

from collections.abc import Mapping

from lightly_sandbox.kinds.registry import ROWS


def calls_in_words(calls: Mapping[str, int]) -> str:
    """`calls: 40 to AWS, 9 to Lightly`, or `no calls`."""
    titles = {kind.service.name: kind.service.title for kind in ROWS} | {"lightly": "Lightly"}
    if not calls:
        return "no calls"
    return "calls: " + ", ".join(f"{count} to {titles[service]}" for service, count in calls.items())
