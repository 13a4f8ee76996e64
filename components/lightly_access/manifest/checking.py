"""One entry of a table at a time: pydantic's errors become problems in our words."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from pydantic import BaseModel, ValidationError

from lightly_access.kinds import registry
from lightly_access.manifest.models import Dataset
from lightly_access.tables import invalid
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.known import KnownNames
from lightly_access.tables.names import store_name
from lightly_access.tables.problem import Problem, Where
from lightly_access.tables.table import AccountTable, StoreTable
from lightly_access.tables.written import Tables

Model = TypeVar("Model", bound=BaseModel)


def stores(tables: Tables, problems: list[Problem]) -> dict[str, StoreTable]:
    """The stores that are good, each read by the table of its kind.

    Unknown kinds are validated as the first kind there is, so that the error lists the valid kinds.
    """
    first = registry.ROWS[0]
    return _entries(lambda raw: (registry.find_kind(_word(raw, "kind")) or first).table(), "stores", tables, problems)


def datasets(tables: Tables, problems: list[Problem]) -> dict[str, Dataset]:
    """The datasets that are good."""
    return _entries(lambda raw: Dataset, "datasets", tables, problems)


def accounts(tables: Tables, problems: list[Problem]) -> dict[str, AccountTable]:
    """The accounts that are good, each read by the table of its cloud; unknown clouds as the first one."""
    known = registry.accounts()
    first = next(iter(known.values()))
    return _entries(lambda raw: known.get(_word(raw, "cloud"), first), "accounts", tables, problems)


def _word(raw: object, key: str) -> str:
    word = raw.get(key) if isinstance(raw, Mapping) else None
    return word if isinstance(word, str) else ""


def _entries(
    model_of: Callable[[object], type[Model]], table: str, tables: Tables, problems: list[Problem]
) -> dict[str, Model]:
    """The entries of a table that are good; what is wrong with the others goes to `problems`."""
    good: dict[str, Model] = {}
    known = registry.known_names(tuple(tables.stores), tuple(tables.accounts))
    for name, raw in tables.named(table).items():
        rule = lightly_rules.dataset_name if table == "datasets" else store_name
        if fault := rule(name):
            problems.append(Problem.of((table, name), name, fault))
        value = _validated(model_of(raw), (table, name), raw, problems, known)
        if value is not None:
            good[name] = value
    return good


def documents(stores: Mapping[str, StoreTable], datasets: Mapping[str, Dataset]) -> Iterator[Problem]:
    """Documents of accesses that their cloud would refuse, although every value in them is right."""
    for name, dataset in datasets.items():
        for purpose, source in ((Purpose.INPUT, dataset.input), (Purpose.LIGHTLY, dataset.lightly)):
            store = stores[source.store]
            if source.made_elsewhere:
                continue
            if fault := registry.kind_of(store.kind).document_fault(purpose, source, store):
                yield Problem.of(("datasets", name, purpose.lower(), "path"), source.path, fault)


def single(model: type[Model], key: str, raw: object, problems: list[Problem]) -> Model | None:
    """A table that stands once."""
    return _validated(model, (key,), raw, problems, KnownNames())


def _validated(
    model: type[Model], where: Where, raw: object, problems: list[Problem], known: KnownNames
) -> Model | None:
    try:
        return model.model_validate(raw, context=known.context())
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems.extend(invalid.problem(model, where, detail, _about) for detail in details)
        return None


def _about(owner: type[BaseModel], name: str) -> str | None:
    """What is missing, in the words that an editor shows."""
    if owner is Datasource and name == "access":
        return registry.access_description()
    return owner.model_fields[name].description
