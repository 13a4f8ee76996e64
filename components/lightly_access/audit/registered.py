"""A datasource as Lightly has it, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.kinds.verified import Location


@dataclass(frozen=True, slots=True)
class Registered:
    """One datasource; `audit.lightly.datasource` makes it.

    Attributes:
        purpose: what it is for.
        kind, access: the words for its store and for how Lightly gets in.
        path: as we write it, `s3://bucket/directory/`.
        location: the path in its parts.
        identity: what Lightly uses, in words that may be shown; empty when Lightly does not say.
        values: what is no secret: `region`, `roleArn`, `accessKeyId`, `projectId`, `kmsKeyArn`, `endpoint`.
        secrets: what Lightly shows of the secrets: `externalId`, `sasToken`, `credentials`. It may show none.
    """

    purpose: Purpose
    kind: str
    access: str
    path: str
    location: Location
    identity: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The store's names: a bucket; or an account and a container."""
        return tuple(name for name in (self.location.account, self.location.bucket) if name)

    @property
    def bucket(self) -> str:
        """The bucket, or Azure's container."""
        return self.location.bucket

    @property
    def directory(self) -> str:
        """The directory inside the store, ending in `/`; empty for the whole of it."""
        inside = self.location.directory.strip("/")
        return f"{inside}/" if inside else ""
