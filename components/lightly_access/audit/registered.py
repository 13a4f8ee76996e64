"""A datasource as Lightly has it, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

_DEPTH = {"azure": 2}
"""How many names a store has: an account and a container; everywhere else a bucket."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One datasource.

    Attributes:
        purpose: what it is for.
        kind: of store: `s3`, `azure`, `gcs`, `obs`, `local`.
        access: how Lightly gets in.
        path: as we write it, `s3://bucket/directory/`.
        values: what is no secret: `region`, `roleArn`, `accessKeyId`, `projectId`, `kmsKeyArn`, `endpoint`.
        secrets: what Lightly shows of the secrets: `externalId`, `sasToken`, `credentials`. It may show none.
    """

    purpose: Purpose
    kind: str
    access: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The store's names: a bucket; or an account and a container."""
        return tuple(self._parts[: self._depth])

    @property
    def bucket(self) -> str:
        """The bucket, or Azure's container."""
        return self.names[-1]

    @property
    def directory(self) -> str:
        """The directory inside the store, ending in `/`; empty for the whole of it."""
        inside = "/".join(self._parts[self._depth :]).strip("/")
        return f"{inside}/" if inside else ""

    @property
    def identity(self) -> str:
        """What Lightly uses, in words that may be shown; empty when Lightly does not say."""
        return self.values.get("roleArn") or self.values.get("accessKeyId") or self.values.get("clientEmail") or ""

    @property
    def _depth(self) -> int:
        return _DEPTH.get(self.kind, 1)

    @property
    def _parts(self) -> list[str]:
        return self.path.partition("://")[2].split("/")
