"""Explains the output of a deployment: refusals of the clouds, where no code of ours stands between."""

from lightly_access.kinds import registry
from lightly_access.kinds.explanation import Explanation


def explain(text: str) -> tuple[Explanation, ...]:
    """Every refusal that is known, once, in the order of the text; nothing for a text without one."""
    places = [found for kind in registry.ROWS for found in kind.refusals(text)]
    first = {explanation.name: (place, explanation) for place, explanation in sorted(places, key=lambda each: -each[0])}
    return tuple(explanation for _, explanation in sorted(first.values(), key=lambda each: each[0]))
