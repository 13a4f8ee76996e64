"""IAM conditions, really evaluated: Common Expression Language with Google's two additions.

Sources: https://cloud.google.com/iam/docs/conditions-attribute-reference (attributes, `extract`, `api.getAttribute`),
https://cloud.google.com/storage/docs/access-control/iam#conditions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import celpy
from celpy import celtypes
from celpy.adapter import json_to_cel
from celpy.celparser import CELParseError
from celpy.evaluation import CELEvalError

OBJECT_LIST_PREFIX = "storage.googleapis.com/objectListPrefix"
BUCKET_TYPE = "storage.googleapis.com/Bucket"
OBJECT_TYPE = "storage.googleapis.com/Object"
SERVICE = "storage.googleapis.com"


class BadCondition(ValueError):
    """An expression that is not CEL, or that uses what conditions do not have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition may look at. `time` is RFC 3339; `attributes` are those of `api.getAttribute`."""

    name: str
    type: str
    time: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def holds(expression: str, asked: Asked) -> bool:
    """Whether the condition holds; one that cannot be evaluated does not."""
    try:
        return bool(_program(expression).evaluate(_activation(asked)))
    except (CELEvalError, BadCondition):
        return False


def check(expression: str) -> None:
    """Raises BadCondition when it cannot be evaluated for a bucket or for an object, or is no true or false."""
    for name, type_ in (("projects/_/buckets/b", BUCKET_TYPE), ("projects/_/buckets/b/objects/o", OBJECT_TYPE)):
        try:
            value = _program(expression).evaluate(_activation(Asked(name, type_, "2026-01-01T00:00:00Z")))
        except CELEvalError as error:
            raise BadCondition(str(error.args[0]).partition(" (in activation")[0]) from error
        if not isinstance(value, celtypes.BoolType):
            raise BadCondition("the expression gives something else than true or false")


@lru_cache(maxsize=1024)
def _program(expression: str) -> Any:
    environment = celpy.Environment()
    try:
        tree = environment.compile(expression)
    except CELParseError as error:
        raise BadCondition(f"Parse condition failure: {str(error).splitlines()[0]}") from error
    return environment.program(tree, functions={"extract": _extract, "getAttribute": _attribute})


def _activation(asked: Asked) -> dict[str, Any]:
    resource = {"name": asked.name, "type": asked.type, "service": SERVICE}
    request = celtypes.MapType({celtypes.StringType("time"): celtypes.TimestampType(asked.time)})
    return {
        "resource": json_to_cel(resource),
        "request": request,
        "api": json_to_cel(dict(asked.attributes)),
    }


def _attribute(api: Any, name: Any, default: Any) -> Any:
    return api.get(name, default)


def _extract(text: Any, template: Any) -> Any:
    """The part of the text at `{...}` in the template; empty when the rest does not occur."""
    before, opening, rest = str(template).partition("{")
    _, closing, after = rest.partition("}")
    start = str(text).find(before)
    if not opening or not closing or start < 0:
        return celtypes.StringType("")
    value = str(text)[start + len(before) :]
    if not after:
        return celtypes.StringType(value)
    found, separator, _ = value.partition(after)
    return celtypes.StringType(found if separator else "")
