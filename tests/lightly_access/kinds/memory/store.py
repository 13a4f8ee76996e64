"""The table of a memory store."""

from typing import Annotated, Literal

from lightly_access.tables.fields import KIND_WORD
from lightly_access.tables.table import StoreTable
from pydantic import Field

_Word = Annotated[Literal["memory"], KIND_WORD]


class MemoryStore(StoreTable):
    """A space of this process."""

    kind: _Word = Field(description="What kind of storage this is: memory")
    space: str = Field(description="The space's name")
