"""A fault of an input, as a provider told it to Pulumi's engine, and what the engine shows of it."""

from collections.abc import Mapping
from typing import Any


def placed(failure: Any) -> tuple[str, str]:
    """Where a fault stands and what it is; where the property is secret its reason alone says where."""
    if failure.property:
        return failure.property, failure.reason
    place, _, reason = failure.reason.partition(": ")
    return place, reason


def displayed(failure: Any, given: Mapping[str, Any]) -> str:
    """All that an engine may print of it: the reason, and the value of the property that it names, sealed or not."""
    return f"{failure.property} {given.get(failure.property)} {failure.reason}"
