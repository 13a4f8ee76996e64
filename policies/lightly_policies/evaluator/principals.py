"""Who asks, and how closely a Principal element names him.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

Kind = Literal["user", "session", "root", "anonymous", "service", "federated"]
Entries = Mapping[str, tuple[str, ...]]
"""A Principal element: kind of principal ("AWS", "Service", "Federated", "CanonicalUser") to the values written."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever signed the request.

    Attributes:
        arn: a user's ARN; a session's own (`arn:aws:sts::<account>:assumed-role/<role>/<session>`); an account's root;
            a service's name (`logging.s3.amazonaws.com`); a federated provider; "" or "*" for an anonymous caller.
        account: twelve digits; "" for anonymous callers and services.
        kind: what of these it is.
        role_arn: for sessions, the ARN of the IAM role, with its path (the session's ARN has lost the path).
        user_id: the unique ID, `AIDA...` for users, `AROA...:<session>` for sessions.
        canonical_id: the account's canonical user ID (S3), when it is known.
    """

    arn: str
    account: str
    kind: Kind
    role_arn: str | None = None
    user_id: str = ""
    canonical_id: str = ""

    @property
    def partition(self) -> str:
        """The partition of its ARN, `aws` where it has none."""
        parts = self.arn.split(":")
        return parts[1] if parts[0] == "arn" and len(parts) > 1 else "aws"

    @property
    def condition_keys(self) -> Mapping[str, tuple[str, ...]]:
        """The global condition keys that follow from who asks, in lower case.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and, for the
        types, the table of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
        """
        return _condition_keys(self)


@lru_cache(maxsize=256)
def _condition_keys(who: Principal) -> Mapping[str, tuple[str, ...]]:
    """Whoever asks once asks for more."""
    types = {"user": "User", "session": "AssumedRole", "root": "Account", "anonymous": "Anonymous"}
    keys: dict[str, tuple[str, ...]] = {"aws:principalisawsservice": ("true" if who.kind == "service" else "false",)}
    if who.kind in types:
        keys["aws:principaltype"] = (types[who.kind],)
    if who.kind in ("user", "session", "root"):
        keys["aws:principalarn"] = (who.role_arn or who.arn,)
        keys["aws:principalaccount"] = (who.account,)
        keys["aws:userid"] = (who.user_id or who.account,)
    if who.kind == "anonymous":
        keys["aws:userid"] = ("anonymous",)
    if who.kind == "user":
        keys["aws:username"] = (who.arn.rpartition("/")[2],)
    return MappingProxyType(keys)


class Named(IntEnum):
    """How closely an element names a principal; a higher one says at least as much."""

    NOT = 0
    ACCOUNT = 1
    """Its account: authority is delegated to the account, whose own policies must allow too."""
    ROLE = 2
    """The role behind the session: enough by itself, within boundary and session policy."""
    EVERYONE = 3
    """The wildcard: enough by itself, and not limited by boundary or session policy."""
    SELF = 4
    """The user, the session, the root user, the service itself: enough by itself."""


def _account_of(value: str) -> str | None:
    """The account that a value means as a whole: `123456789012` or `arn:<partition>:iam::123456789012:root`."""
    parts = value.split(":")
    if len(parts) == 1:
        return value if value.isdecimal() else None
    return parts[4] if len(parts) == 6 and parts[2] == "iam" and parts[5] == "root" else None


def _named_by_aws(value: str, principal: Principal) -> Named:
    if value == "*":
        return Named.NOT if principal.kind in ("service", "federated") else Named.EVERYONE
    if principal.kind not in ("user", "session", "root"):
        return Named.NOT
    unique_id, _, session = principal.user_id.partition(":")
    if value in (principal.arn, principal.user_id) and value:
        return Named.SELF
    if value == principal.role_arn or (session and value == unique_id):
        return Named.ROLE
    if _account_of(value) == principal.account:
        return Named.SELF if principal.kind == "root" else Named.ACCOUNT
    return Named.NOT


def _named_by(kind: str, value: str, principal: Principal) -> Named:
    if kind == "AWS":
        return _named_by_aws(value, principal)
    if kind == "Service" and principal.kind == "service":
        return Named.SELF if value == principal.arn else Named.NOT
    if kind == "Federated" and principal.kind == "federated":
        return Named.SELF if value == principal.arn else Named.NOT
    if kind == "CanonicalUser" and value == principal.canonical_id:
        return Named.SELF if principal.kind == "root" else Named.ACCOUNT
    return Named.NOT


def named(entries: Entries, principal: Principal) -> Named:
    """How closely a Principal element names a principal: the closest of its entries."""
    grades = (_named_by(kind, value, principal) for kind, values in entries.items() for value in values)
    return max(grades, default=Named.NOT)


def spared(entries: Entries, principal: Principal) -> bool:
    """Whether a Deny with NotPrincipal spares a principal: only when it and all above it are listed.

    AWS may look at the account first, then the role, then the session, and denies at the first that is missing
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
    """
    grades = {_named_by(kind, value, principal) for kind, values in entries.items() for value in values}
    if Named.EVERYONE in grades:
        return True
    needed = {"user": {Named.ACCOUNT, Named.SELF}, "session": {Named.ACCOUNT, Named.ROLE, Named.SELF}}
    return needed.get(principal.kind, {Named.SELF}) <= grades
