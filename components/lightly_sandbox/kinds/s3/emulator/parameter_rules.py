"""What IAM and KMS say about a parameter before they look at anything else: missing, too long, out of its alphabet.

The rules are those of the services' own models, which boto3 brings along; the API references print the same
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html,
https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html). A value is told as AWS tells it, but
for documents, which may hold an external ID.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session

from lightly_sandbox.kinds.s3.emulator.errors import RefusedError

_BLANKS = "\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": _BLANKS}
"""Java's classes of characters in Python's words; every pattern that has them allows the underscore too."""
_CODES = {"iam": "ValidationError", "kms": "ValidationException"}
_NARROWER = {("ScheduleKeyDeletion", "PendingWindowInDays"): (7, 30)}
"""What the reference of the operation says and the model does not."""
_LONGEST_SHOWN = 512


def check_query(service: str, action: str, values: Mapping[str, str]) -> None:
    """Raises RefusedError for parameters of the query protocol, `Tags.member.1.Key` and the like."""
    shape = _input(service, action)
    if shape is not None:
        _refuse(service, _faults(action, shape, _structure(shape, values, "")))


def check_json(service: str, action: str, values: Mapping[str, Any]) -> None:
    """Raises RefusedError for parameters of the JSON protocol."""
    shape = _input(service, action)
    if shape is not None:
        _refuse(service, _faults(action, shape, values))


@cache
def _input(service: str, action: str) -> Any | None:
    model = _model(service)
    return model.operation_model(action).input_shape if action in model.operation_names else None


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def _refuse(service: str, faults: Iterator[str]) -> None:
    if found := list(faults):
        count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
        raise RefusedError(_CODES[service], count + "; ".join(found), 400)


def _structure(shape: Any, values: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """The members of a structure that are there, lists and structures in them too."""
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        where = f"{prefix}{name}"
        if member.type_name == "list":
            items = list(_items(member.member, values, f"{where}.member."))
            if items:
                found[name] = items
        elif member.type_name == "structure":
            if inner := _structure(member, values, f"{where}."):
                found[name] = inner
        elif where in values:
            found[name] = values[where]
    return found


def _items(member: Any, values: Mapping[str, str], prefix: str) -> Iterator[Any]:
    number = 1
    while True:
        where = f"{prefix}{number}"
        if member.type_name == "structure":
            item: Any = _structure(member, values, f"{where}.")
            if not item:
                return
            yield item
        elif where in values:
            yield values[where]
        else:
            return
        number += 1


def _faults(action: str, shape: Any, value: Any, where: str = "") -> Iterator[str]:
    match shape.type_name:
        case "structure":
            if not isinstance(value, Mapping):
                return
            for name in shape.required_members:
                if value.get(name) is None:
                    yield _fault(None, _path(where, name), "Member must not be null")
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    bounds = _NARROWER.get((action, name)) if not where else None
                    yield from _bounded(value[name], _path(where, name), bounds)
                    yield from _faults(action, member, value[name], _path(where, name))
        case "list":
            if isinstance(value, list):
                yield from _sized(shape, len(value), None, where)
                for number, item in enumerate(value, 1):
                    yield from _faults(action, shape.member, item, f"{where}.{number}.member")
        case "string":
            yield from _text(shape, str(value), where)
        case "integer" | "long":
            if not re.fullmatch(r"-?\d+", str(value)):
                yield _fault(value, where, "Member must be a whole number")
            else:
                yield from _bounded(value, where, (shape.metadata.get("min"), shape.metadata.get("max")))


def _text(shape: Any, text: str, where: str) -> Iterator[str]:
    shown = None if "ocument" in where or where == "policy" else text
    yield from _sized(shape, len(text), shown, where)
    if pattern := shape.metadata.get("pattern"):
        translated, flags = pattern, re.ASCII
        for theirs, ours in _CLASSES.items():
            if theirs in translated:
                translated, flags = translated.replace(theirs, ours), re.NOFLAG
        if not re.fullmatch(translated, text, flags):
            yield _fault(shown, where, f"Member must satisfy regular expression pattern: {pattern}")
    if shape.enum and text not in shape.enum:
        yield _fault(shown, where, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")


def _sized(shape: Any, length: int, shown: str | None, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        yield _fault(shown, where, f"Member must have length greater than or equal to {least}")
    if most is not None and length > most:
        yield _fault(shown, where, f"Member must have length less than or equal to {most}")


def _bounded(value: Any, where: str, bounds: tuple[int | None, int | None] | None) -> Iterator[str]:
    least, most = bounds or (None, None)
    if least is not None and int(value) < least:
        yield _fault(value, where, f"Member must have value greater than or equal to {least}")
    if most is not None and int(value) > most:
        yield _fault(value, where, f"Member must have value less than or equal to {most}")


def _fault(value: object, where: str, constraint: str) -> str:
    shown = "Value" if value is None else f"Value '{str(value)[:_LONGEST_SHOWN]}'"
    return f"{shown} at '{where}' failed to satisfy constraint: {constraint}"


def _path(where: str, name: str) -> str:
    """AWS writes its parameters with a small letter here."""
    small = name[0].lower() + name[1:]
    return f"{where}.{small}" if where else small
