"""IAM: action and parameters -> the permission that it needs, on which user, group, role or policy.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.boundaries import Boundaries
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation
from lightly_sandbox.kinds.s3.emulator.query import tag_context, tags

_USER = """CreateUser GetUser UpdateUser DeleteUser ListUserPolicies PutUserPolicy GetUserPolicy DeleteUserPolicy
    AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies CreateAccessKey DeleteAccessKey UpdateAccessKey
    ListAccessKeys ListGroupsForUser TagUser UntagUser ListUserTags PutUserPermissionsBoundary
    DeleteUserPermissionsBoundary GetAccessKeyLastUsed ListSSHPublicKeys ListMFADevices ListSigningCertificates
    ListServiceSpecificCredentials CreateLoginProfile GetLoginProfile UpdateLoginProfile DeleteLoginProfile"""
_GROUP = """CreateGroup GetGroup UpdateGroup DeleteGroup PutGroupPolicy GetGroupPolicy DeleteGroupPolicy
    ListGroupPolicies AttachGroupPolicy DetachGroupPolicy ListAttachedGroupPolicies AddUserToGroup
    RemoveUserFromGroup"""
_ROLE = """CreateRole GetRole UpdateRole UpdateRoleDescription DeleteRole PutRolePolicy GetRolePolicy DeleteRolePolicy
    ListRolePolicies AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies UpdateAssumeRolePolicy TagRole UntagRole
    ListRoleTags PutRolePermissionsBoundary DeleteRolePermissionsBoundary ListInstanceProfilesForRole"""
_POLICY = """CreatePolicy GetPolicy DeletePolicy ListPolicyVersions CreatePolicyVersion GetPolicyVersion
    DeletePolicyVersion SetDefaultPolicyVersion ListEntitiesForPolicy TagPolicy UntagPolicy ListPolicyTags"""
_SOURCE, _SIMULATED = "source", "SimulatePrincipalPolicy"
_NONE = "ListUsers ListGroups ListRoles ListPolicies GetAccountSummary ListAccountAliases ListVirtualMFADevices"

_KINDS = {
    action: kind
    for kind, actions in (
        ("user", _USER),
        ("group", _GROUP),
        ("role", _ROLE),
        ("policy", _POLICY),
        ("", _NONE),
        (_SOURCE, _SIMULATED),
    )
    for action in actions.split()
}
_TAGGED = {"CreateUser": "TagUser", "CreateRole": "TagRole", "CreatePolicy": "TagPolicy"}
"""What else it takes to tag what is being made: https://github.com/openshift/installer/issues/1073 has the refusal."""
_FIND = {"user": facts.user, "group": facts.group, "role": facts.role}


def iam_operation(values: Mapping[str, str], caller: Caller, boundaries: Boundaries) -> Operation:
    """The operation. Raises RefusedError (501) for an action that the local IAM does not know."""
    action = values["Action"]
    if action not in _KINDS:
        raise not_implemented(f"iam:{action}")
    resource = _resource(_KINDS[action], values, caller)
    needed = [action, *([_TAGGED[action]] if action in _TAGGED and tags(values) else [])]
    context = _context(values, caller, boundaries)
    checks = tuple(Check(f"iam:{permission}", resource, caller.account, context=context) for permission in needed)
    return Operation("iam", action, checks, caller.account, "us-east-1")


def with_caller_as_user(values: dict[str, str], caller: Caller) -> dict[str, str]:
    """`UserName` may be left out by a user who means himself. Raises RefusedError for anybody else."""
    own = ("GetUser", "CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey", "ListAccessKeys")
    if values["Action"] in own and not values.get("UserName") and caller.user_name:
        return {**values, "UserName": caller.user_name}
    if values["Action"] in own and not values.get("UserName"):
        raise RefusedError("ValidationError", "Must specify userName when calling with non-User credentials", 400)
    return values


def _resource(kind: str, values: Mapping[str, str], caller: Caller) -> str:
    if not kind:
        return "*"
    if kind == _SOURCE:
        return values.get("PolicySourceArn", "*")
    prefix = f"arn:aws:iam::{caller.account}"
    if kind == "policy":
        new = f"{prefix}:policy{values.get('Path') or '/'}{values.get('PolicyName', '')}"
        return values.get("PolicyArn", new)
    if values["Action"] == "GetAccessKeyLastUsed":
        found = facts.key_owner((caller.account,), values.get("AccessKeyId", ""))
        return str(found[1].arn) if found else f"{prefix}:user/*"
    name = values.get(f"{kind.title()}Name", "")
    existing: Any | None = _FIND[kind](caller.account, name)
    if existing is not None:
        return str(existing.arn)
    path = values.get("Path") or "/"
    return f"{prefix}:{kind}{path if values['Action'].startswith('Create') else '/'}{name}"


def _context(values: Mapping[str, str], caller: Caller, boundaries: Boundaries) -> dict[str, tuple[str, ...]]:
    context = tag_context(tags(values))
    if "PolicyArn" in values and _KINDS[values["Action"]] != "policy":
        context["iam:PolicyARN"] = (values["PolicyArn"],)
    boundary = values.get("PermissionsBoundary")
    if boundary is None and "RoleName" in values:
        role = facts.role(caller.account, values["RoleName"])
        boundary = role.permissions_boundary_arn if role else None
    elif boundary is None and "UserName" in values:
        boundary = boundaries.of_user(caller.account, values["UserName"])
    if boundary:
        context["iam:PermissionsBoundary"] = (boundary,)
    return context
