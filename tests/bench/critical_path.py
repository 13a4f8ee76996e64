"""The longest chain of steps through a deployment's dependencies: no engine can be faster than that."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any


def critical_path(resources: Sequence[Mapping[str, Any]], seconds: Mapping[str, float]) -> float:
    """Seconds of the longest chain; `resources` as a state lists them, `seconds` per URN (0 where a URN is missing).

    A component's step ends with those of its children, which wait for its begin alone: it takes no time itself.
    """
    waits = {resource["urn"]: _before(resource) for resource in resources}
    custom = {resource["urn"] for resource in resources if resource.get("custom")}

    @cache
    def until(urn: str) -> float:
        own = seconds.get(urn, 0.0) if urn in custom else 0.0
        return own + max((until(item) for item in waits.get(urn, ()) if item in waits), default=0.0)

    return max((until(urn) for urn in waits), default=0.0)


def _before(resource: Mapping[str, Any]) -> set[str]:
    provider = str(resource.get("provider", "")).rsplit("::", 1)[0]
    return {*resource.get("dependencies", ()), *([resource["parent"]] if resource.get("parent") else []), provider} - {
        ""
    }
