"""The directory of a store, in a manifest and as an argument."""

from typing import Annotated

from lightly_core import directory
from pydantic import AfterValidator, WithJsonSchema

from lightly_access.tables.rules import refuse


def _directory(value: str) -> str:
    if fault := directory.directory_path(value):
        raise refuse(fault)
    return directory.normalised(value)


Directory = Annotated[
    str,
    AfterValidator(_directory),
    WithJsonSchema({"type": "string", "pattern": r"^([^/*?$\\][^*?$\\]*)?$"}),
]
