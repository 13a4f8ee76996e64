"""The names that users choose for entries of the tables, and those that entries had before (`aliases`)."""

import re
from typing import Annotated

from lightly_core import lightly_rules
from lightly_core.fault import Fault
from pydantic import BeforeValidator, WithJsonSchema

from lightly_access.tables.rules import obeys

STORE_NAME_PATTERN = "^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$"
DATASET_NAME_PATTERN = "^[a-zA-Z0-9][a-zA-Z0-9 _-]{2,254}$"
_STORE_NAME = re.compile(STORE_NAME_PATTERN)


def store_name(value: str) -> Fault | None:
    """Ours: the name is part of the names that Pulumi shows, so it is short and plain."""
    if _STORE_NAME.fullmatch(value):
        return None
    return Fault("a name of 1 to 64 letters, digits, _ or -, the first one a letter or digit")


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _list_of(pattern: str) -> tuple[BeforeValidator, WithJsonSchema]:
    items = {"type": "string", "pattern": pattern}
    return BeforeValidator(_tuple), WithJsonSchema({"type": "array", "items": items, "uniqueItems": True})


DatasetName = Annotated[
    str, obeys(lightly_rules.dataset_name), WithJsonSchema({"type": "string", "pattern": DATASET_NAME_PATTERN})
]
DatasetNames = Annotated[
    tuple[Annotated[str, obeys(lightly_rules.dataset_name)], ...],
    *_list_of(DATASET_NAME_PATTERN),
]
StoreNames = Annotated[tuple[Annotated[str, obeys(store_name)], ...], *_list_of(STORE_NAME_PATTERN)]
