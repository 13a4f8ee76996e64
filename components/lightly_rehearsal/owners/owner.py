"""What the owner of a cloud does in the story: has stores before Lightly comes, meddles, and looks what is left."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from lightly_access.capability import Capability

from lightly_rehearsal.ledger import Ledger
from lightly_rehearsal.sandbox import Sandbox

Files = Iterable[tuple[str, bytes]]
"""Name and content."""
PRECIOUS = "kept/by-somebody.txt"
"""An object that somebody put into a store that we made."""
Listing = frozenset[tuple[str, str]]
"""What a store holds: names, and what changes with the content."""


@dataclass(frozen=True)
class Broken:
    """A permission that was taken away behind our back."""

    dataset: str
    purpose: str
    taken: str
    """As the cause of the red light must name it."""
    red: frozenset[Capability]
    """What it may turn red; `write` must be."""

    def __str__(self) -> str:
        return f"{self.dataset} {self.purpose}"


@dataclass(frozen=True)
class Guard:
    """Something that a destroy must refuse to remove: what, the words that say so, and how its owner clears it away."""

    what: str
    words: tuple[str, ...]
    clear: Callable[[], object]


class Owner(Protocol):
    """One cloud's owner. Stores are named as in the stack `rehearsal`."""

    SIDE: str
    """The side of the sandbox where this happens."""
    DATASETS: frozenset[str]
    """The datasets that this part of the story is about."""
    ADOPTED: frozenset[str]
    """The stores that were there before."""
    KEPT: frozenset[str]
    """The stores that we made and that stay, with what is in them, because nobody said that they may go."""

    @property
    def ROTATED(self) -> tuple[str, str] | None:
        """Dataset and purpose whose credential is replaced."""
        ...

    @property
    def SLOW(self) -> Mapping[str, object]:
        """The fault under which the first deployment runs: how slowly this cloud knows a new credential; or empty."""
        ...

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """Make the stores that are adopted, with data, as they were before Lightly came."""
        ...

    def meddle(self, sandbox: Sandbox, ledger: Ledger) -> Broken | None:
        """Take a permission to write away behind our back."""
        ...

    def leave(self, sandbox: Sandbox) -> list[Guard]:
        """Put PRECIOUS into stores that we made; what a destroy must refuse to remove then."""
        ...

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        """Every store that is there, with what it holds."""
        ...

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Identities and grants of ours that are still there."""
        ...

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        """Make stores of these names again, so that a refusal speaks of the credential and not of a missing store."""
        ...
