"""What is asked of the owner of a store, for one purpose of one dataset: names and documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose, expected

from lightly_access.tables.datasource import Datasource


class NothingToHandOffError(ValueError):
    """What the dataset needs cannot be asked for with a bundle; the message says why and the way out."""


@dataclass(frozen=True, slots=True)
class Request:
    """One datasource of a dataset, as it is asked for."""

    dataset: str
    purpose: Purpose
    store: Any
    """The table of its store."""
    source: Datasource
    place: str
    """The directory, for people."""
    name: str = ""
    """Of what is to be made: the same that `pulumi up` would give it, so that it can be imported later."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """File name -> document, indented for reading."""

    @property
    def side(self) -> str:
        """`input` or `lightly`: the manifest's word, and the beginning of file names."""
        return self.purpose.lower()

    @property
    def capabilities(self) -> str:
        """In words, what Lightly must be able to do."""
        return ", ".join(str(capability) for capability, wanted in expected(self.purpose).items() if wanted)


def readable(document: str) -> str:
    """JSON as people read it."""
    return json.dumps(json.loads(document), indent=2) + "\n"
