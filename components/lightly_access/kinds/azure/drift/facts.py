"""What was read of a container, its account and its stored policies: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from lightly_policies.sas import StoredPolicy

from lightly_access.audit.finding import Unreadable


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that somebody has: ids, for Azure tells no names here."""

    role: str
    principal: str
    scope: str
    name: str


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """All of one access; None is what could not be read.

    Attributes:
        gone: the words `account` and `container`, of what is not there.
        account: the account's properties.
        public: the container's public access: `None`, `Blob` or `Container`.
        policies: the container's stored policies.
        assignments: the roles that are given on the container or its account, not above.
    """

    gone: frozenset[str] = frozenset()
    account: Mapping[str, object] | None = None
    public: str | None = None
    policies: tuple[StoredPolicy, ...] | None = None
    assignments: tuple[Assignment, ...] | None = None
    unreadable: tuple[Unreadable, ...] = ()
