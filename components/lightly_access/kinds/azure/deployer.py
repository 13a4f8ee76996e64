"""Whoever deploys to Azure: custom roles, their assignments, and an app that a pipeline's tokens are exchanged for."""

import json
from collections.abc import Iterator
from typing import Any

from lightly_policies.deployer_roles import azure_roles
from lightly_policies.render_federation import azure_federated_credential

from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.deployer_permissions import grants, reads
from lightly_access.kinds.deployer import Asked, Deployer, line

_PRINCIPAL = '"$principal"'


def deployer(asked: Asked) -> Deployer:
    """Raises UnrenderableDocumentError, MissingPlaceError, KeyNeededError."""
    account = asked.manifest.accounts.get(asked.owner or "")
    known = account.subscription if isinstance(account, AzureSubscription) else None
    hint = "az account show --query id --output tsv"
    subscription = known or asked.place("subscription", "the id of the subscription that the stores are in", hint)
    name = f"{asked.name} of {asked.project}"
    found = (reads if asked.read_only else grants)(asked.manifest, subscription, asked.owner)
    roles = azure_roles(name, found, asked.who)
    parts = {"azure-roles.json": roles}
    if asked.pipeline is None:
        return Deployer(roles, parts)
    credential = json.loads(azure_federated_credential(asked.pipeline, asked.name))
    trust = {"azure-federated-credential.json": credential}
    return Deployer(roles, parts, trust, (*_identity(asked.name, credential), *_access(roles)))


def _identity(name: str, credential: dict[str, Any]) -> Iterator[str]:
    """An app; where apps may not be made, a managed identity does the same."""
    yield f"app=$({line('az', 'ad', 'app', 'create', '--display-name', name, '--query', 'appId', '--output', 'tsv')})"
    yield 'principal=$(az ad sp create --id "$app" --query id --output tsv)'
    parameters = line("--parameters", credential)
    yield f'az ad app federated-credential create --id "$app" {parameters}'
    yield "# or, in place of these three, a managed identity in a resource group of yours, by its name in $group:"
    made = line("az", "identity", "create", "--name", name, "--query", "principalId", "--output", "tsv")
    yield f'# principal=$({made} --resource-group "$group")'
    words = ("az", "identity", "federated-credential", "create", "--identity-name", name)
    trusted = ("--name", credential["name"], "--issuer", credential["issuer"], "--subject", credential["subject"])
    yield f'# {line(*words, *trusted, "--audiences", *credential["audiences"])} --resource-group "$group"'


def _access(roles: dict[str, Any]) -> Iterator[str]:
    for role in roles["roles"]:
        yield line("az", "role", "definition", "create", "--role-definition", role)
    for each in roles["assignments"]:
        who = f"--assignee-object-id {_PRINCIPAL} --assignee-principal-type ServicePrincipal"
        yield f"az role assignment create {who} {line('--role', each['role'], '--scope', each['scope'])}"
