"""One registered datasource as a verification knows it: what an error text may name, and no secret."""

from dataclasses import dataclass

from lightly_access.kinds.access_kind import AccessKind


@dataclass(frozen=True, slots=True)
class Location:
    """A registered path in its parts.

    Attributes:
        bucket: the bucket, or what holds the data in this kind of store.
        directory: the directory in it, with its `/`; empty for all of it.
        account: what the bucket is in, where its name alone does not tell; else empty.
        names: how an error may name the bucket: text, in which a host may be a pattern.
    """

    bucket: str
    directory: str
    account: str = ""
    names: tuple[str, ...] = ()

    @classmethod
    def of_bucket(cls, path: str, *more_names: str) -> "Location":
        """Of `scheme://bucket/directory/`."""
        bucket, _, directory = path.partition("://")[2].partition("/")
        return cls(bucket, directory, names=(bucket, *more_names) if bucket else ())


@dataclass(frozen=True, slots=True)
class VerifiedAccess:
    """The access of one datasource; `registry.verified_access` makes it of what the wire says."""

    kind: str
    access: AccessKind
    path: str
    identity: str
    location: Location
    external: bool = False
    """Whether somebody else made the credential: then no document of ours grants it."""

    @property
    def bucket(self) -> str:
        """The bucket, or the container."""
        return self.location.bucket

    @property
    def directory(self) -> str:
        """The directory, with its `/`; empty for a whole bucket."""
        return self.location.directory

    @property
    def account(self) -> str:
        """The storage account; empty where there is none."""
        return self.location.account

    @property
    def names(self) -> tuple[str, ...]:
        """How an error may name the bucket."""
        return self.location.names
