"""What pydantic says of a table that is not as it must be, as a problem in our words."""

from collections.abc import Callable
from typing import Any, get_args

from lightly_core.fault import Fault, did_you_mean
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from lightly_access.tables.problem import Problem, Where
from lightly_access.tables.rules import FAULT, HIDDEN

About = Callable[[type[BaseModel], str], str | None]
"""What a field of a table is, in the words that an editor shows."""

_TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "date_type": "a date such as 2026-01-01",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "tuple_type": "a list",
    "mapping_type": "a table",
}


def description(owner: type[BaseModel], name: str) -> str | None:
    """What the table itself says of the field."""
    return owner.model_fields[name].description


def problem(model: type[BaseModel], where: Where, detail: ErrorDetails, about: About = description) -> Problem:
    """One error of the table at `where`."""
    path = (*where, *(str(key) for key in detail["loc"] if key != "[key]"))
    got, kind = detail["input"], detail["type"]
    context = detail.get("ctx", {})
    if kind == FAULT:
        return Problem.of(path, got, Fault(context["expected"], context["hint"]))
    if kind == HIDDEN:
        return Problem(path, "an invalid secret name (value hidden)", context["expected"], context["hint"])
    if kind == "missing":
        owner = _owner(model, detail["loc"][:-1])
        what = about(owner, path[-1]) if owner else None
        return Problem.of(
            path, None, Fault(f"{what[0].lower()}{what[1:]}" if what and what[1].islower() else what or "a value")
        )
    if kind == "extra_forbidden":
        owner = _owner(model, detail["loc"][:-1])
        fields = owner.model_fields if owner else {}
        names = tuple(sorted(fields, key=lambda name: name == "aliases"))  # first what is more likely meant
        return Problem.of(path, path[-1], Fault(f"one of the keys {', '.join(names)}", did_you_mean(path[-1], names)))
    return Problem.of(path, got, type_fault(kind, got, context, detail["msg"]))


def type_fault(kind: str, got: object, context: dict[str, Any], message: str) -> Fault:
    """A value of another type."""
    if kind == "string_type" and isinstance(got, int | float):
        return Fault("text", "put it in quotes")
    if kind == "bool_type" and isinstance(got, str):
        return Fault("true or false", "without quotes")
    if kind == "literal_error":
        return Fault(context["expected"].replace("'", ""))
    return Fault(_TYPES.get(kind) or message.lower())


def _owner(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model of the table at `loc`."""
    for key in loc:
        field = model.model_fields.get(str(key))
        inner = _table_of(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The table that a field holds, also one that may be left out or has rules."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _table_of(part))), None)
