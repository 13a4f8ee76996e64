"""Rules as pydantic's validators: of one value (`obeys`, `word`), and between two (`only_with`, `needed_with`, ...)."""

from collections.abc import Callable
from typing import TypeVar

from lightly_core.fault import Fault, one_of
from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

FAULT = "fault"
"""The type of the pydantic errors that carry a Fault."""

HIDDEN = "hidden_fault"
"""Likewise, about a value that must not be shown."""

Value = TypeVar("Value")


def refuse(fault: Fault, *, hidden: bool = False) -> PydanticCustomError:
    """The fault in the form that pydantic collects; raise it inside a validator. `hidden`: the value is not shown."""
    context = {"expected": fault.expected, "hint": fault.hint}
    return PydanticCustomError(HIDDEN, "", context) if hidden else PydanticCustomError(FAULT, "{expected}", context)


def obeys(check: Callable[[Value], Fault | None]) -> AfterValidator:
    """A rule about one value as a validator."""

    def validate(value: Value) -> Value:
        if fault := check(value):
            raise refuse(fault)
        return value

    return AfterValidator(validate)


def word(check: Callable[[str], Fault | None]) -> BeforeValidator:
    """Likewise for one word of a list: our sentence instead of pydantic's."""

    def validate(value: object) -> object:
        if isinstance(value, str) and (fault := check(value)):
            raise refuse(fault)
        return value

    return BeforeValidator(validate)


def only_with(key: str, wanted: object, hint: str, *others: object) -> AfterValidator:
    """The value may be given only when the earlier field `key` is `wanted` or one of `others`; false, the same as
    nothing, always may.

    When `key` itself is wrong there is nothing to compare with, and its own problem is reported.
    """

    def validate(value: object, info: ValidationInfo) -> object:
        if value is False or value is None or info.data.get(key, wanted) in (wanted, *others):
            return value
        raise refuse(Fault(f"it only with {key}: {one_of(map(_said, (wanted, *others)))}", hint))

    return AfterValidator(validate)


def needed_with(key: str, wanted: object, about: str) -> AfterValidator:
    """The value must be given when the earlier field `key` is `wanted`; the field is `validate_default`."""

    def validate(value: object, info: ValidationInfo) -> object:
        if value is None and info.data.get(key) == wanted:
            raise refuse(Fault(f"{about}, with {key}: {_said(wanted)}"))
        return value

    return AfterValidator(validate)


def together_with(key: str, about: str) -> AfterValidator:
    """The value must be given when the earlier field `key` is, and only then; the field is `validate_default`."""
    return AfterValidator(lambda value, info: paired(value, key, about, info))


def paired(value: object, key: str, about: str, info: ValidationInfo) -> object:
    """The value, when it and the earlier field `key` are both given or both not. When `key` itself is wrong there is
    nothing to compare with."""
    if key not in info.data:
        return value
    if value is None and info.data[key] is not None:
        raise refuse(Fault(f"{about}, with {key}"))
    if value is not None and info.data[key] is None:
        raise refuse(Fault(f"{key} with it", "both are of one that exists: give both or neither"), hidden=True)
    return value


def needs(key: str, expected: str, hint: str) -> AfterValidator:
    """The value may be given only when the earlier field `key` is; false, the same as nothing, always may."""

    def validate(value: object, info: ValidationInfo) -> object:
        if not value or info.data.get(key, "") is not None:
            return value
        raise refuse(Fault(expected, hint))

    return AfterValidator(validate)


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
