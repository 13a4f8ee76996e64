"""The kinds of store in the sandbox, one row each. Whatever depends on the kind of a store asks here."""

from collections.abc import Collection

from lightly_sandbox.kinds.azure.kind import AzureKind
from lightly_sandbox.kinds.gcs.kind import GcsKind
from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.local.kind import LocalKind
from lightly_sandbox.kinds.obs.kind import ObsKind
from lightly_sandbox.kinds.s3.kind import S3Kind
from lightly_sandbox.services import CloudService

ROWS: list[SandboxKind] = [S3Kind(), ObsKind(), AzureKind(), GcsKind(), LocalKind()]
"""In the order in which they are played."""


def names() -> tuple[str, ...]:
    """Every kind of store that can be rehearsed."""
    return tuple(kind.name for kind in ROWS)


def needed(kinds: Collection[str]) -> list[CloudService]:
    """The clouds for these kinds of store, each once."""
    services = {kind.service.name: kind.service for kind in ROWS if kind.name in kinds}
    return list(services.values())


def present(services: Collection[str]) -> list[SandboxKind]:
    """The kinds whose cloud is among these."""
    return [kind for kind in ROWS if kind.service.name in services]
