"""What was read of a service account that we made, and of its bucket and project: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from lightly_policies.evaluator.gcs import Binding

from lightly_access.audit.finding import Unreadable
from lightly_access.kinds.gcs.audit.facts import Account


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """All of one access; None is what could not be read.

    Attributes:
        gone: the words `account`, `bucket` and `role`, of what is not there.
        account: with its keys, where these could be read.
        keys_read: whether they could.
        bindings, project_bindings: of the bucket and of the project, those of other members too.
        permissions: those of the custom role that we made.
        settings: the bucket's `iamConfiguration`.
    """

    gone: frozenset[str] = frozenset()
    account: Account | None = None
    keys_read: bool = False
    bindings: tuple[Binding, ...] | None = None
    project_bindings: tuple[Binding, ...] | None = None
    permissions: frozenset[str] | None = None
    settings: Mapping[str, object] | None = None
    unreadable: tuple[Unreadable, ...] = ()
