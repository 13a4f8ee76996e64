"""The access keys of a user, of which IAM allows two, and which of them a rotation does not need any more.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (access keys per user: 2, and no more).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lightly_access.kinds.s3.logged_in import client, said

MOST = 2


@dataclass(frozen=True, slots=True)
class UserKey:
    """A key of a user, whoever made it."""

    id: str
    created: datetime


def superfluous(keys: Sequence[UserKey], registered: str | None, known: Collection[UserKey]) -> tuple[UserKey, ...]:
    """The keys that a rotation has left and that nothing needs: never the one that Lightly uses.

    A key that is older than the registered one is what that one replaced: a user never has more than two, so nobody
    else can have made it. A newer one is ours when the state knows it. With a key that nobody can tell, nothing goes.
    """
    used = next((key for key in keys if key.id == registered), None)
    if used is None:
        return ()
    return tuple(key for key in keys if key is not used and (key.created < used.created or key in known))


class UserKeys:
    """Those of one user. Methods raise BucketUnreadableError."""

    def __init__(self, user: str, region: str, login: Mapping[str, str]) -> None:
        self.user, self._iam = user, client("iam", region, login)

    def listed(self) -> tuple[UserKey, ...]:
        """The oldest first; none of a user that is not there."""
        found = said(lambda: self._iam.list_access_keys(UserName=self.user), "NoSuchEntity") or {}
        keys = (UserKey(str(each["AccessKeyId"]), each["CreateDate"]) for each in found.get("AccessKeyMetadata", ()))
        return tuple(sorted(keys, key=lambda key: key.created))

    def remove(self, key: UserKey) -> None:
        """One that is gone is removed."""
        said(lambda: self._iam.delete_access_key(UserName=self.user, AccessKeyId=key.id), "NoSuchEntity")
