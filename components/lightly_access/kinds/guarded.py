"""Which kinds of store have buckets that a guard stands before, and what it is told of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from lightly_core.fault import Fault

from lightly_access.kinds.contents import Contents
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.gcs.bucket_contents import Project
from lightly_access.kinds.s3 import names, protocol
from lightly_access.kinds.s3.bucket_contents import Account


class Looking(Protocol):
    """The cloud of a bucket, as whoever deploys may use it."""

    def clean(self, bucket: str) -> Contents:
        """Remove what we left, and say what else there is. Raises BucketUnreadableError."""

    def data(self, bucket: str) -> Contents:
        """What would be lost with it. Raises BucketUnreadableError."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """One kind.

    Attributes:
        bucket: the rule for a bucket's name.
        region: the rule for where it is.
        login: what a login may say.
        keyed: whether a bucket may have a key that we made.
        look: its cloud, by where the bucket is and by the login.
    """

    bucket: Callable[[str], Fault | None]
    region: Callable[[str], Fault | None]
    login: tuple[str, ...]
    keyed: bool
    look: Callable[[str, Mapping[str, str]], Looking]


DEFAULT = "s3"
GUARDED: Mapping[str, Guarded] = {
    DEFAULT: Guarded(
        names.bucket_name,
        protocol.signing_region,
        ("profile", "accessKeyId", "secretAccessKey", "sessionToken", "roleArn", "externalId"),
        True,
        Account,
    ),
    "gcs": Guarded(
        gcs_names.bucket_name,
        gcs_names.location,
        ("accessToken", "credentials", "impersonate"),
        False,
        lambda _, login: Project(login),
    ),
}
