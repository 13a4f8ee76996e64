"""Conditions of Google Cloud: CEL expressions, compiled once, evaluated as Google's IAM does.

What an expression may name: https://docs.cloud.google.com/iam/docs/conditions-attribute-reference.md.txt . Modelled are
`resource.name`, `resource.type`, `resource.service`, `request.time`, `api.getAttribute()` and `extract()`; whatever
else is named (tags, access levels, addresses) cannot be evaluated, and what cannot be evaluated grants nothing: "that
part of the condition is never interpreted as granting access" (the same page). CEL is imported where it is needed: it
comes with the extra `gcp`, and all clouds' documents come by here.
"""

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import celpy

_COMPILING = threading.Lock()
_RECENT = 4096


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a binding: `title` names it, `expression` decides."""

    title: str
    expression: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What an expression may look at.

    Attributes:
        name, type, service: of the resource: `projects/_/buckets/b/objects/o`, `storage.googleapis.com/Object`,
            `storage.googleapis.com`.
        time: of the request, with a time zone.
        api: what `api.getAttribute` finds.
    """

    name: str
    type: str
    service: str
    time: datetime
    api: Mapping[str, str]


class MalformedConditionError(ValueError):
    """An expression that is no CEL: Google refuses to store it."""


def check(condition: Condition) -> None:
    """Whether Google would store it, as far as its syntax goes. Raises MalformedConditionError."""
    _program(condition.expression)


def holds(condition: Condition, attributes: Attributes) -> tuple[bool, str]:
    """Whether a condition is true of a request, and why not. Never raises: what cannot be evaluated does not hold."""
    from celpy import celtypes

    try:
        program = _program(condition.expression)
    except MalformedConditionError as error:
        return False, f"its condition is malformed: {error}"
    try:
        value = program.evaluate(_activation(attributes))
    except Exception as error:  # CEL's own errors, and those of what it is written with: each of them grants nothing
        return False, f"its condition cannot be evaluated ({type(error).__name__})"
    if not isinstance(value, bool | celtypes.BoolType):
        return False, "its condition is neither true nor false"
    return bool(value), "" if value else "its condition is not met"


def evaluated(expression: str, variables: Mapping[str, Mapping[str, str]]) -> str | bool | None:
    """The text or truth that an expression makes of tables of texts; None for all else, and where it cannot be
    evaluated."""
    from celpy import celtypes

    text = celtypes.StringType
    tables = {
        name: celtypes.MapType({text(key): text(value) for key, value in table.items()})
        for name, table in variables.items()
    }
    try:
        value = _program(expression).evaluate(tables)
    except Exception:  # as above: whatever fails grants nothing
        return None
    if isinstance(value, bool | celtypes.BoolType):
        return bool(value)
    return str(value) if isinstance(value, str) else None


@lru_cache(maxsize=_RECENT)
def _program(expression: str) -> "celpy.Runner":
    """The compiled expression; compiling shares one parser, so one thread at a time; a program keeps no state."""
    import celpy
    from celpy.celparser import CELParseError

    with _COMPILING:
        limit = sys.getrecursionlimit()
        try:
            environment = celpy.Environment()
            return environment.program(environment.compile(expression), functions=_FUNCTIONS)
        except (CELParseError, ValueError) as error:
            raise MalformedConditionError(f"got {expression!r}, expected a CEL expression") from error
        finally:
            sys.setrecursionlimit(limit)  # the library sets one for the whole process


def _activation(attributes: Attributes) -> dict[str, Any]:
    from celpy import celtypes

    text = celtypes.StringType
    resource = {"name": attributes.name, "type": attributes.type, "service": attributes.service}
    return {
        "resource": celtypes.MapType({text(key): text(value) for key, value in resource.items()}),
        "request": celtypes.MapType({text("time"): celtypes.TimestampType(attributes.time)}),
        "api": celtypes.MapType({text(key): text(value) for key, value in attributes.api.items()}),
    }


def _get_attribute(api: Any, name: Any, default: Any) -> Any:
    """`api.getAttribute(name, default)`: the default where the request has no such attribute."""
    from celpy import celtypes

    if not isinstance(api, celtypes.MapType):
        raise TypeError("getAttribute: expected to be asked of api")
    return api.get(name, default)


def _extract(text: Any, template: Any) -> Any:
    """`text.extract("before{word}after")`: what stands between, the first time; nothing where there is no such place.

    https://docs.cloud.google.com/iam/docs/conditions-attribute-reference.md.txt , "extract".
    """
    from celpy import celtypes

    before, opened, rest = str(template).partition("{")
    _, closed, after = rest.partition("}")
    if not (opened and closed) or "{" in after:
        raise ValueError("extract: expected one {name} in the template")
    start = str(text).find(before)
    if start < 0:
        return celtypes.StringType("")
    start += len(before)
    end = str(text).find(after, start) if after else len(str(text))
    return celtypes.StringType(str(text)[start:end] if end >= 0 else "")


_FUNCTIONS: dict[str, Any] = {"getAttribute": _get_attribute, "extract": _extract}
