"""Whoever deploys to Azure: who that is for each subscription of a manifest, and whether it may. Every call reads.

Azure has no simulation, but lists what a caller may do with a storage account, whether that was granted there or above:
https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from lightly_core.secret import Secret
from lightly_policies.evaluator.azure_roles import Permissions

from lightly_access.doctor import http
from lightly_access.doctor.finding import Answer, ClockReading, Finding, State
from lightly_access.doctor.question import Question
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.azure.account import AzureSubscription
from lightly_access.kinds.azure.deployer_permissions import account_scope, actions, stores
from lightly_access.kinds.azure.management import account_of, get, subscription_of, token_of

_SUBSCRIPTIONS, _PERMISSIONS = "2022-12-01", "2022-04-01"
_NO_LOGIN = "log in (`az login`), or set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID"

Ask = Callable[[str, str], tuple[int, dict[str, Any]]]
"""Path and API version of a GET, to its status and JSON."""


def questions(stack: Stack) -> Iterator[Question]:
    """One a subscription: that of stores without an owner, where one is deployed, and each that is declared."""
    accounts = [name for name, each in stack.manifest.accounts.items() if isinstance(each, AzureSubscription)]
    plain = any(store.owner is None for store in stores(stack.manifest).values())
    for owner in [*([None] if plain else []), *accounts]:
        name = f"accounts.{owner}" if owner else "azure"
        yield Question(f"{name} login", partial(ask, stack, owner), "Azure")


def ask(stack: Stack, owner: str | None) -> Answer:
    """Who it is, and what it may do with the accounts of its stores."""
    name, clocks = f"accounts.{owner}" if owner else "azure", list[ClockReading]()
    account = account_of(stack, owner)
    try:
        token = token_of(stack, account.tenant if account else None)
    except ClosedSecretError as closed:
        return Answer((Finding(f"{name} login", State.BAD, str(closed), _NO_LOGIN),))
    if token is None:
        return Answer((Finding(f"{name} login", State.BAD, "there is no login of Azure", _NO_LOGIN),))
    try:
        asking, subscription = partial(get, stack.environ, token, clocks), subscription_of(stack, owner)
        found = tuple(findings(name, stack, owner, subscription, token, asking))
    except http.CertificateError as wrong:
        fix = "is there a proxy that opens TLS? SSL_CERT_FILE and REQUESTS_CA_BUNDLE name the file of its authority"
        found = (Finding(f"{name} login", State.BAD, str(wrong), fix),)
    return Answer(found, tuple(clocks[:1]), reached=True)


def findings(
    name: str, stack: Stack, owner: str | None, subscription: str | None, token: Secret, get: Ask
) -> Iterator[Finding]:
    """What is said of a login, once there is one."""
    who = identity(token.reveal())
    if subscription is None:
        fix = "pulumi config set azure-native:subscriptionId ..., or set ARM_SUBSCRIPTION_ID"
        yield Finding(f"{name} login", State.WARNING, f"{who}; the subscription is the command line's", fix)
        return
    status, found = get(f"/subscriptions/{quote(subscription)}", _SUBSCRIPTIONS)
    if status >= 400:
        fix = f"log in to its tenant, or grant {who} a role in it" if status in (403, 404) else _NO_LOGIN
        said = f"{who} does not see subscription {subscription} (HTTP {status})"
        yield Finding(f"{name} login", State.BAD, said, fix)
        return
    state = str(found.get("state", "Enabled"))
    said = f"{who}, subscription {found.get('displayName', subscription)}"
    if state not in (
        "Enabled",
        "PastDue",
    ):  # https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states
        yield Finding(f"{name} login", State.BAD, f"{said} is {state}", "have its owner enable it in the portal")
        return
    yield Finding(f"{name} login", State.OK, said)
    for (group, account), wanted in needed(stack, owner).items():
        scope = quote(account_scope(subscription, group, account))
        status, found = get(f"{scope}/providers/Microsoft.Authorization/permissions", _PERMISSIONS)
        yield _permitted(f"{name} permissions", f"account {account}", wanted, status, found)


def _permitted(name: str, where: str, wanted: tuple[str, ...], status: int, found: Mapping[str, Any]) -> Finding:
    if status >= 400:
        said = f"what it may do in {where} cannot be asked (HTTP {status})"
        return Finding(name, State.WARNING, said, "grant it Microsoft.Authorization/*/read there")
    granted = [Permissions.parse(each) for each in found.get("value", ()) if isinstance(each, dict)]
    if lost := [action for action in wanted if not any(each.gives(action) for each in granted)]:
        fix = "grant a role that has them: policies/README.md lists what a deployment needs in Azure, and why"
        return Finding(name, State.BAD, f"in {where} it may not {', '.join(lost)}", fix)
    return Finding(name, State.OK, f"all that it needs in {where}")


def needed(stack: Stack, owner: str | None) -> dict[tuple[str, str], tuple[str, ...]]:
    """The actions by resource group and account, for accounts that exist already: of others nothing can be asked."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for name, store in stores(stack.manifest).items():
        if store.owner == owner and not store.create_account:
            wanted = found.setdefault((store.resource_group, store.account), {})
            wanted.update(dict.fromkeys(actions(stack.manifest, name, store)))
    return {place: tuple(actions) for place, actions in found.items()}


def identity(token: str) -> str:
    """Who a token of Entra is of, as its claims say; nobody checks its signature here, for nothing rests on it.

    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    parts = token.split(".")
    try:
        text = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)) if len(parts) == 3 else b""
        claims = json.loads(text or b"{}")
    except ValueError:
        claims = {}
    if not isinstance(claims, dict):
        claims = {}
    name = claims.get("upn") or claims.get("unique_name") or claims.get("appid") or claims.get("oid")
    tenant = f" of tenant {claims['tid']}" if isinstance(claims.get("tid"), str) else ""
    return f"{name}{tenant}" if isinstance(name, str) else "a login whose token names nobody"
