"""The ways in: which file knows what to do with a credential."""

from collections.abc import Iterator

from lightly_rehearsal.ledger import Credential
from lightly_rehearsal.sandbox import Sandbox
from lightly_rehearsal.ways import azure, gcs, s3
from lightly_rehearsal.ways.way import Attack, Way

WAYS: dict[str, Way] = {
    "role": s3,
    "session": s3,
    "access key": s3,
    "given key": s3,
    "SAS token": azure,
    "service account key": gcs,
}
"""Kind of a credential -> its way in."""


def side(credential: Credential) -> str:
    """The side of the sandbox that knows it."""
    return WAYS[credential.kind].SIDE


def use(sandbox: Sandbox, credential: Credential) -> str | None:
    """List the credential's own directory with it: None when it works, else the code of the refusal."""
    return WAYS[credential.kind].use(sandbox, credential)


def attacks(sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
    """Everything that the credential must not permit, tried for real."""
    return WAYS[credential.kind].attacks(sandbox, credential)


def sessions(sandbox: Sandbox, credential: Credential) -> list[Credential]:
    """Credentials that come out of using it and outlive the use."""
    return WAYS[credential.kind].sessions(sandbox, credential)
