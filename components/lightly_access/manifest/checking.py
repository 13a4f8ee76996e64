"""One entry of a table at a time: pydantic's errors become problems in our words."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from lightly_core import lightly_rules
from lightly_core.fault import Fault, did_you_mean
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lightly_access.manifest.accounts import ACCOUNT_TABLES, Account, AwsAccount
from lightly_access.manifest.fields import ACCOUNTS, STORES, store_name
from lightly_access.manifest.models import Dataset
from lightly_access.manifest.problem import Problem, Where
from lightly_access.manifest.rules import FAULT, HIDDEN
from lightly_access.manifest.stores import STORE_TABLES, S3Store, Store
from lightly_access.manifest.tables import Tables

Model = TypeVar("Model", bound=BaseModel)

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


def stores(tables: Tables, problems: list[Problem]) -> dict[str, Store]:
    """The stores that are good, each read by the table of its kind; a kind that is none is S3's to refuse."""
    return _entries(lambda raw: STORE_TABLES.get(_word(raw, "kind"), S3Store), "stores", tables, problems)


def datasets(tables: Tables, problems: list[Problem]) -> dict[str, Dataset]:
    """The datasets that are good."""
    return _entries(lambda raw: Dataset, "datasets", tables, problems)


def accounts(tables: Tables, problems: list[Problem]) -> dict[str, Account]:
    """The accounts that are good, each read by the table of its cloud; a cloud that is none is AWS's to refuse."""
    return _entries(lambda raw: ACCOUNT_TABLES.get(_word(raw, "cloud"), AwsAccount), "accounts", tables, problems)


def _word(raw: object, key: str) -> str:
    word = raw.get(key) if isinstance(raw, Mapping) else None
    return word if isinstance(word, str) else ""


def _entries(
    model_of: Callable[[object], type[Model]], table: str, tables: Tables, problems: list[Problem]
) -> dict[str, Model]:
    """The entries of a table that are good; what is wrong with the others goes to `problems`."""
    good: dict[str, Model] = {}
    known = {STORES: tuple(tables.stores), ACCOUNTS: tuple(tables.accounts)}
    for name, raw in tables.named(table).items():
        rule = lightly_rules.dataset_name if table == "datasets" else store_name
        if fault := rule(name):
            problems.append(Problem.of((table, name), name, fault))
        value = _validated(model_of(raw), (table, name), raw, problems, known)
        if value is not None:
            good[name] = value
    return good


def single(model: type[Model], key: str, raw: object, problems: list[Problem]) -> Model | None:
    """A table that stands once."""
    return _validated(model, (key,), raw, problems, {})


def _validated(
    model: type[Model], where: Where, raw: object, problems: list[Problem], context: Mapping[str, object]
) -> Model | None:
    try:
        return model.model_validate(raw, context=dict(context))
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems.extend(_problem(model, where, detail) for detail in details)
        return None


def _problem(model: type[BaseModel], where: Where, detail: ErrorDetails) -> Problem:
    path = (*where, *(str(key) for key in detail["loc"] if key != "[key]"))
    got, kind = detail["input"], detail["type"]
    context = detail.get("ctx", {})
    if kind == FAULT:
        return Problem.of(path, got, Fault(context["expected"], context["hint"]))
    if kind == HIDDEN:
        return Problem(path, "what is no such name", context["expected"], context["hint"])
    if kind == "missing":
        owner = _owner(model, detail["loc"][:-1])
        about = owner.model_fields[path[-1]].description if owner else None
        return Problem.of(
            path, None, Fault(f"{about[0].lower()}{about[1:]}" if about and about[1].islower() else about or "a value")
        )
    if kind == "extra_forbidden":
        owner = _owner(model, detail["loc"][:-1])
        names = tuple(owner.model_fields) if owner else ()
        return Problem.of(path, path[-1], Fault(f"one of the keys {', '.join(names)}", did_you_mean(path[-1], names)))
    if kind == "string_type" and isinstance(got, int | float):
        return Problem.of(path, got, Fault("text", "put it in quotes"))
    if kind == "bool_type" and isinstance(got, str):
        return Problem.of(path, got, Fault("true or false", "without quotes"))
    if kind == "literal_error":
        return Problem.of(path, got, Fault(context["expected"].replace("'", "")))
    return Problem.of(path, got, Fault(_TYPES.get(kind) or detail["msg"].lower()))


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
