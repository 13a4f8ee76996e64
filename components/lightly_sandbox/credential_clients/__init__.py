"""The ways in: which file knows what to do with a credential."""

from collections.abc import Iterator

from lightly_sandbox.credential_clients.client import Attack, CredentialClient
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.kinds.azure import credential_client as azure_credential_client
from lightly_sandbox.kinds.gcs import credential_client as gcs_credential_client
from lightly_sandbox.kinds.s3 import credential_client as s3_credential_client
from lightly_sandbox.sandbox import Sandbox

CREDENTIAL_CLIENTS: dict[str, CredentialClient] = {
    "role": s3_credential_client,
    "session": s3_credential_client,
    "access key": s3_credential_client,
    "given key": s3_credential_client,
    "SAS token": azure_credential_client,
    "service account key": gcs_credential_client,
}
"""Kind of a credential -> its way in."""


def service(credential: Credential) -> str:
    """The side of the sandbox that knows it."""
    return CREDENTIAL_CLIENTS[credential.kind].SERVICE


def use(sandbox: Sandbox, credential: Credential) -> str | None:
    """List the credential's own directory with it: None when it works, else the code of the refusal."""
    return CREDENTIAL_CLIENTS[credential.kind].use(sandbox, credential)


def attacks(sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
    """Everything that the credential must not permit, tried for real."""
    return CREDENTIAL_CLIENTS[credential.kind].attacks(sandbox, credential)


def sessions(sandbox: Sandbox, credential: Credential) -> list[Credential]:
    """Credentials that come out of using it and outlive the use."""
    return CREDENTIAL_CLIENTS[credential.kind].sessions(sandbox, credential)
