"""What was read of a role or user that we made, and of its bucket: plain values."""

from dataclasses import dataclass, field

from lightly_access.audit.finding import Unreadable
from lightly_access.kinds.s3.audit.facts import Attached, Key


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """All of one access; None is what could not be read.

    Attributes:
        gone: the words `role`, `user`, `group` and `bucket`, of what is not there.
        policies: those of the role; or of the user itself and of our group. None where some could not be listed.
        trust: of a role, its trust policy.
        boundary: the ARN of its permissions boundary; empty where it has none.
        keys, groups, login_profile: of a user: its access keys, its groups, whether it has a password.
        members: the users in our group.
        bucket_policy: empty where the bucket has none.
        public_access_blocked: whether nothing in the bucket can be public by its own settings.
    """

    gone: frozenset[str] = frozenset()
    policies: tuple[Attached, ...] | None = None
    trust: str | None = field(default=None, repr=False)
    boundary: str | None = None
    keys: tuple[Key, ...] | None = None
    groups: tuple[str, ...] | None = None
    members: tuple[str, ...] | None = None
    login_profile: bool | None = None
    bucket_policy: str | None = None
    public_access_blocked: bool | None = None
    unreadable: tuple[Unreadable, ...] = ()
