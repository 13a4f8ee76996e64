"""What a new project's first dataset has of a kind of store: tables of the manifest with names to be replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Purpose

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Starter:
    """Of one kind. The functions take the project's name, since names of stores are unique in their cloud."""

    access: str
    """How Lightly gets in, as a rule: the manifest's word."""
    existing: Callable[[str], Table]
    """A store that is yours already."""
    made: Callable[[str], Table] | None = None
    """A store that is made; None of a kind whose stores always exist."""
    config: Mapping[str, str] = field(default_factory=dict)
    """What the cloud's provider is told in the stack's configuration."""
    credential: Callable[[str, Purpose], Table] = lambda dataset, purpose: {}
    """What a datasource names beside store, path and access: an external key."""
    login: str = ""
    """How whoever deploys logs in, one sentence; nothing where no cloud is asked."""
