"""What was read of a service account, its keys, and the bindings that bear on its bucket: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lightly_policies.evaluator.gcs import Binding

from lightly_access.audit.finding import Unreadable


@dataclass(frozen=True, slots=True)
class Key:
    """A key that its owner made; times with a time zone."""

    id: str
    created: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The service account whose key Lightly has; `keys` are those that people made, not Google's own."""

    email: str
    project: str
    disabled: bool = False
    keys: tuple[Key, ...] = ()

    @property
    def member(self) -> str:
        """As a binding names it."""
        return f"serviceAccount:{self.email}"


@dataclass(frozen=True, slots=True)
class GcpFacts:
    """All that was read for one datasource.

    Attributes:
        account: None when Lightly does not tell whose key it has.
        bindings: of the bucket, and of its project (`bucket` None), those of other members too.
        roles: permissions of the roles that could be read.
        uniform: whether the bucket has uniform access; None when it is not known.
        prevention: its public access prevention, `enforced` or `inherited`; empty when it is not known.
        unread: what could not be read.
        complete: whether all that decides what Lightly may do was read.
    """

    account: Account | None = None
    bindings: tuple[Binding, ...] = ()
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    uniform: bool | None = None
    prevention: str = ""
    unreadable: tuple[Unreadable, ...] = ()
    complete: bool = True
