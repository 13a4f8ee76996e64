"""Credentials at work: who knows what to do with which, and which ones a state holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from lightly_core.secret import Secret

from lightly_sandbox.credential_log import Credential
from lightly_sandbox.kinds.credential_client import Attack, CredentialClient
from lightly_sandbox.kinds.kind import SandboxKind
from lightly_sandbox.kinds.registry import ROWS
from lightly_sandbox.sandbox import Sandbox


def kind_of(credential: Credential) -> SandboxKind:
    """The kind of store that it is for: a session is one of a role."""
    return next(kind for kind, client in _clients() if credential.kind in (*client.accesses.values(), *client.outlives))


def use(sandbox: Sandbox, credential: Credential) -> str | None:
    """List the credential's own directory with it: None when it works, else the code of the refusal."""
    return _client(credential).use(sandbox, credential)


def attacks(sandbox: Sandbox, credential: Credential) -> Iterator[Attack]:
    """Everything that the credential must not permit, tried for real."""
    return _client(credential).attacks(sandbox, credential)


def outlasts(credential: Credential) -> str | None:
    """Why the end of a deployment does not end it, and what does; None where it does."""
    return _client(credential).outlasts(credential)


def sessions(sandbox: Sandbox, credential: Credential) -> list[Credential]:
    """Credentials that come out of using it and outlive the use."""
    return _client(credential).sessions(sandbox, credential)


def registered(state: Mapping[str, Any]) -> list[Credential]:
    """The credentials in a state that shows its secrets: those registered, and those that wait for their end."""
    resources = [resource for resource in state["deployment"].get("resources", []) if "id" in resource]
    names = {
        resource["id"]: resource["outputs"]["name"]
        for resource in resources
        if resource["type"] == "lightly:index:Dataset"
    }
    sources = [resource["inputs"] for resource in resources if resource["type"] == "lightly:index:Datasource"]
    found = [credential for source in sources if (credential := _of_datasource(source, names))]
    known = {credential.identity for credential in found}
    issued = [made for resource in resources for _, client in _clients() if (made := client.issued(resource))]
    return [*found, *(credential for credential in issued if credential.identity not in known)]


def _of_datasource(inputs: Mapping[str, Any], names: Mapping[str, str]) -> Credential | None:
    """The credential of a Datasource; a mount has none."""
    for _, client in _clients():
        if kind := client.accesses.get(inputs["access"]):
            identity, secret = client.shown(inputs)
            dataset, purpose = names[inputs["datasetId"]], inputs["purpose"]
            region, given = inputs.get("region", ""), inputs.get("given") is True
            return Credential(
                kind, dataset, purpose, inputs["path"], identity, Secret(secret), region=region, given=given
            )
    return None


def _client(credential: Credential) -> CredentialClient:
    client = kind_of(credential).credential_client()
    assert client
    return client


def _clients() -> Iterator[tuple[SandboxKind, CredentialClient]]:
    return ((kind, client) for kind in ROWS if (client := kind.credential_client()))
