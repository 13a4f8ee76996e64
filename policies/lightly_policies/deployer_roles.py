"""Roles of Azure and of Google Cloud that let a deployer do what `deployer_needs` lists, each where it is enough."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_policies.evaluator.gcs import Condition, check
from lightly_policies.render_gcs import cel
from lightly_policies.rendering import UnrenderableDocumentError

DELEGATES = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
"""What admits GetUserDelegationKey: https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key"""
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
SIGNED_BY = {
    "INPUT": (f"{_BLOBS}/read",),
    "LIGHTLY": (f"{_BLOBS}/read", f"{_BLOBS}/write", f"{_BLOBS}/delete"),
}
"""Data actions that a login needs for a token of the purpose to be good for what it says:
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas , "Assign permissions with RBAC".
`write` makes blobs and replaces them, so that `add/action`, which only makes them, would add nothing:
https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory , Put Blob."""
_SUBSCRIPTION = re.compile(r"/subscriptions/[0-9a-f-]{36}", re.IGNORECASE)
_GROUP = re.compile(r"(/subscriptions/[^/]+(/resourceGroups/[^/]+)?)", re.IGNORECASE)
_ROLE_ID = 64
_ABOUT = {
    "deployer": "What whoever deploys Lightly's access needs, and no more",
    "reader": "What whoever previews and verifies Lightly's access needs, and no more",
}
"""What such roles say of themselves."""


@dataclass(frozen=True, slots=True)
class AzureGrant:
    """Actions at one scope: a subscription, an account or a container, by its resource id."""

    scope: str
    actions: frozenset[str] = frozenset()
    data_actions: frozenset[str] = frozenset()


def azure_roles(name: str, grants: Iterable[AzureGrant], who: str = "deployer") -> dict[str, Any]:
    """`{"roles": ..., "assignments": ...}`: role definitions as `az role definition create` reads them, one for each
    set of actions, and the scopes that each is assigned at.

    A custom role is assignable from a resource group upwards, and assigned at the scope itself
    (https://learn.microsoft.com/azure/role-based-access-control/role-definitions). Raises UnrenderableDocumentError.
    """
    by_actions: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for grant in grants:
        if not _SUBSCRIPTION.match(grant.scope):
            raise UnrenderableDocumentError(
                "role of the deployer", f"scope: got {grant.scope!r}, expected one of Azure"
            )
        by_actions.setdefault((grant.actions, grant.data_actions), []).append(grant.scope)
    if not by_actions:
        raise UnrenderableDocumentError("role of the deployer", "this stack makes nothing in Azure")
    roles, assignments = [], []
    for number, ((actions, data_actions), scopes) in enumerate(by_actions.items(), 1):
        title = f"{name} {number}" if len(by_actions) > 1 else name
        within = {found[1] for scope in scopes if (found := _GROUP.match(scope))}
        roles.append(
            {
                "Name": title,
                "IsCustom": True,
                "Description": _ABOUT[who],
                "Actions": sorted(actions),
                "NotActions": [],
                "DataActions": sorted(data_actions),
                "NotDataActions": [],
                "AssignableScopes": sorted(within),
            }
        )
        assignments += [{"role": title, "scope": scope} for scope in sorted(set(scopes))]
    return {"roles": roles, "assignments": assignments}


@dataclass(frozen=True, slots=True)
class GoogleGrant:
    """Permissions on a project, or on one bucket; on a project, `buckets` are the only ones that they hold for."""

    project: str
    permissions: frozenset[str]
    bucket: str | None = None
    buckets: tuple[str, ...] = ()


def google_roles(name: str, member: str, grants: Iterable[GoogleGrant], who: str = "deployer") -> dict[str, Any]:
    """`{"roles": ..., "bindings": ...}`: custom roles, one for each set of permissions, and the bindings of the member.

    A binding for buckets that do not exist yet stands on their project, under a condition with their names. Raises
    UnrenderableDocumentError.
    """
    roles: dict[tuple[str, frozenset[str]], str] = {}
    bindings: list[dict[str, Any]] = []
    for grant in grants:
        key = (grant.project, grant.permissions)
        plain = re.sub(r"[^A-Za-z0-9_.]", "_", name)[: _ROLE_ID - 3]
        role = roles.setdefault(key, f"projects/{grant.project}/roles/{plain}_{len(roles) + 1}")
        at = {"bucket": grant.bucket} if grant.bucket else {"project": grant.project}
        condition = {"condition": _only(grant.buckets)} if grant.buckets else {}
        bindings.append({**at, "role": role, "member": member, **condition})
    if not bindings:
        raise UnrenderableDocumentError("role of the deployer", "this stack makes nothing in Google Cloud")
    return {
        "roles": [_role(role, permissions, who) for (_, permissions), role in roles.items()],
        "bindings": bindings,
    }


def _role(name: str, permissions: frozenset[str], who: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": f"Lightly: {who}",
        "description": _ABOUT[who],
        "stage": "GA",
        "includedPermissions": sorted(permissions),
    }


def _only(buckets: tuple[str, ...]) -> Mapping[str, str]:
    """https://docs.cloud.google.com/iam/docs/conditions-resource-attributes#resource-name"""
    names = [f"projects/_/buckets/{bucket}" for bucket in buckets]
    parts = [f"resource.name == {cel(name)} || resource.name.startsWith({cel(f'{name}/objects/')})" for name in names]
    condition = {"title": "Lightly: its buckets", "expression": " || ".join(parts)}
    check(Condition(**condition))
    return condition
