"""What was read of a role or user, its policies and its bucket: plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lightly_policies.evaluator.aws import Principal

from lightly_access.audit.finding import Unreadable


@dataclass(frozen=True, slots=True)
class Attached:
    """A policy, as it is attached: its name, `inline` or `managed`, to whom, and its JSON text."""

    name: str
    kind: Literal["inline", "managed"]
    holder: str
    document: str = field(repr=False)
    arn: str = ""

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.holder}, {self.kind} policy {self.name}"


@dataclass(frozen=True, slots=True)
class Key:
    """An access key of a user; times with a time zone."""

    id: str
    created: datetime
    active: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """The role that Lightly assumes, or the user whose key it has.

    Attributes:
        policies: its own and those of its groups.
        boundary: its permissions boundary.
        trust: of a role, the trust policy; it holds the external ID.
        session: of a role, its longest session in seconds.
        keys: of a user, all of them.
        groups: of a user, their names.
    """

    kind: Literal["role", "user"]
    name: str
    arn: str
    policies: tuple[Attached, ...] = ()
    boundary: Attached | None = None
    trust: str | None = field(default=None, repr=False)
    session: int | None = None
    keys: tuple[Key, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.kind} {self.name}"

    @property
    def account(self) -> str:
        """The account that owns it."""
        return self.arn.split(":")[4]

    @property
    def principal(self) -> Principal:
        """It, as it asks: a user, or a session of the role."""
        if self.kind == "user":
            return Principal(self.arn, self.account, "user", user_id="AIDALIGHTLY")
        partition = self.arn.split(":")[1]
        session = f"arn:{partition}:sts::{self.account}:assumed-role/{self.name}/lightly"
        return Principal(session, self.account, "session", role_arn=self.arn, user_id="AROALIGHTLY:lightly")


@dataclass(frozen=True, slots=True)
class AwsFacts:
    """All that was read for one datasource.

    Attributes:
        holder: None when it is not there or may not be read.
        bucket_policy: None when the bucket has none or it may not be read.
        encryption_key: the KMS key that the bucket encrypts with by itself; None where it has none of its own.
        public_access_blocked: whether nothing in the bucket can be public, by its settings and its account's together;
            None when not read.
        same_external_id: other roles of the account with the external ID of this one.
        unread: what could not be read.
        region: where the bucket is; None when nobody says it.
        complete: whether all that decides what Lightly may do was read; else nothing can be called missing.
    """

    holder: Holder | None = None
    bucket_policy: str | None = None
    same_external_id: tuple[str, ...] = ()
    encryption_key: str | None = None
    public_access_blocked: bool | None = None
    unreadable: tuple[Unreadable, ...] = ()
    complete: bool = True
    region: str | None = None
