"""What a kind of store adds to a bundle for whoever decides on access."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from lightly_access.handoff.request import Request
from lightly_access.tables.datasource import Datasource


@dataclass(frozen=True, slots=True)
class Terms:
    """One access in words: how Lightly gets in, and why it looks like that."""

    how: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle, and what it is for."""

    text: str
    about: str
    script: bool = False


class Handoff:
    """A kind for which nothing but words is handed over; others add names, documents and scripts."""

    terms: ClassVar[Mapping[str, Terms]]
    """Of each access."""
    about: ClassVar[Mapping[str, str]] = {}
    """The last word of a document's file name -> what it is for."""

    def place(self, store: Any, source: Datasource, registered: str) -> str:
        """The directory, for people; `registered` is its path as Lightly has it."""
        return registered

    def name(self, project: str, stack: str, dataset: str, purpose: str) -> str:
        """Of what is to be made; empty where nothing is."""
        return ""

    def documents(self, where: str, store: Any, source: Datasource, purpose: Any, name: str) -> dict[str, str]:
        """File name -> document. `where` is the datasource's place in the manifest.

        Raises NothingToHandOffError where it cannot be known what to ask for.
        """
        return {}

    def files(self, requests: Sequence[Request]) -> dict[str, File]:
        """More files, for all requests of this kind: scripts, templates."""
        return {}

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        """What the owner has to do."""
        return ()

    def sections(self, files: Iterable[str]) -> Iterable[str]:
        """More for the page, about the files of this kind."""
        return ()
