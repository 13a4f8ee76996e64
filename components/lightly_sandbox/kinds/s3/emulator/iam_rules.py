"""Rules of IAM that moto leaves out: documents must parse, quotas, conflicts on delete, boundaries of users.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and the API reference of each action.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lightly_sandbox.kinds.s3.emulator import aws_managed, facts
from lightly_sandbox.kinds.s3.emulator.boundaries import Boundaries
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.iam_documents import check_documents
from lightly_sandbox.kinds.s3.emulator.query import tags

_GROUPS_A_USER = 10
_ATTACHED_AT_MOST = {"AttachUserPolicy": "User", "AttachGroupPolicy": "Group", "AttachRolePolicy": "Role"}
_ATTACHED = 10
_DONE = (
    '<{action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>'
    "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></{action}Response>"
)
_BOUNDARY = ("PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary")
_NO_CREDENTIALS = (
    b'<ListServiceSpecificCredentialsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
    b"<ListServiceSpecificCredentialsResult><ServiceSpecificCredentials/></ListServiceSpecificCredentialsResult>"
    b"<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
    b"</ListServiceSpecificCredentialsResponse>"
)


class IamRules:
    """Applied after the caller was authorised and before moto acts; `own_answer` is for what moto does not have."""

    def __init__(self, accounts: tuple[str, ...], boundaries: Boundaries) -> None:
        self.accounts = accounts
        self.boundaries = boundaries
        self._rules: dict[str, Callable[[str, Mapping[str, str]], None]] = {
            "AddUserToGroup": self._join,
            "DeleteUser": self._delete_user,
            "DeleteGroup": self._delete_group,
            "DeletePolicy": self._delete_policy,
            **dict.fromkeys(_ATTACHED_AT_MOST, self._attach),
        }

    def check(self, account: str, values: Mapping[str, str]) -> None:
        """Raises RefusedError with IAM's own code when the action would not be accepted."""
        action = values["Action"]
        aws_managed.make_known(account, values)
        check_documents(account, self.accounts, values)
        _check_tags([name for name, _ in tags(values)])
        boundary = values.get("PermissionsBoundary")
        if boundary and facts.managed_policy(account, boundary) is None:
            raise RefusedError("NoSuchEntity", f"Scope ARN: {boundary} does not exist or is not attachable.", 404)
        if rule := self._rules.get(action):
            rule(account, values)

    def whole(self, account: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """The parameters with what moto would forget: UpdateRole leaves a description that it does not name.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html, which also says that a session then
        lasts an hour.
        """
        role = facts.role(account, values.get("RoleName", "")) if values["Action"] == "UpdateRole" else None
        if role is None:
            return values
        return {"Description": role.description or "", "MaxSessionDuration": "3600", **values}

    def own_answer(self, account: str, values: Mapping[str, str]) -> bytes | None:
        """The answer to an action that moto does not have, after doing it."""
        action, name = values["Action"], values.get("UserName", "")
        if action not in (*_BOUNDARY, "ListServiceSpecificCredentials"):
            return None
        if facts.user(account, name) is None:
            raise RefusedError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
        if action not in _BOUNDARY:
            return _NO_CREDENTIALS  # nobody can make one here
        self.boundaries.set(account, name, values["PermissionsBoundary"] if action.startswith("Put") else None)
        return _DONE.format(action=action).encode()

    def done(self, account: str, values: Mapping[str, str], body: bytes) -> bytes:
        """The answer of moto, with what it forgot; called after the action succeeded."""
        action, name = values["Action"], values.get("UserName", "")
        if action == "CreateUser":
            self.boundaries.set(account, name, values.get("PermissionsBoundary"))
        elif action == "DeleteUser":
            self.boundaries.set(account, name, None)
        elif action == "UpdateUser" and values.get("NewUserName"):
            self.boundaries.rename(account, name, values["NewUserName"])
        return self.boundaries.show(account, name, body) if action in ("CreateUser", "GetUser") else body

    def _join(self, account: str, values: Mapping[str, str]) -> None:
        names = {group.name for group in facts.groups_of(account, values.get("UserName", ""))}
        if len(names | {values.get("GroupName")}) > _GROUPS_A_USER:
            raise RefusedError("LimitExceeded", f"Cannot exceed quota for GroupsPerUser: {_GROUPS_A_USER}", 409)

    def _attach(self, account: str, values: Mapping[str, str]) -> None:
        owner = _ATTACHED_AT_MOST[values["Action"]]
        find = {"User": facts.user, "Group": facts.group, "Role": facts.role}[owner]
        found: Any | None = find(account, values.get(f"{owner}Name", ""))
        if found and len({*found.managed_policies, values.get("PolicyArn")}) > _ATTACHED:
            raise RefusedError("LimitExceeded", f"Cannot exceed quota for PoliciesPer{owner}: {_ATTACHED}", 409)

    def _delete_user(self, account: str, values: Mapping[str, str]) -> None:
        name = values.get("UserName", "")
        user = facts.user(account, name)
        if user and user.access_keys:
            raise _conflict("must delete access keys first")
        if user and facts.groups_of(account, name):
            raise _conflict("must remove users from group first")

    def _delete_group(self, account: str, values: Mapping[str, str]) -> None:
        group = facts.group(account, values.get("GroupName", ""))
        if group and group.users:
            raise _conflict("must remove users from group first")
        if group and group.managed_policies:
            raise _conflict("must detach all policies first")
        if group and group.policies:
            raise _conflict("must delete policies first")

    def _delete_policy(self, account: str, values: Mapping[str, str]) -> None:
        arn = values.get("PolicyArn", "")
        managed = facts.managed_policy(account, arn)
        bound = any(role.permissions_boundary_arn == arn for role in facts.iam(account).roles.values())
        if managed and (managed.attachment_count or bound or self.boundaries.attached(account, arn)):
            raise RefusedError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
        if managed and len(managed.versions) > 1:
            message = "This policy has more than one version. Before you delete a policy, you must delete its versions."
            raise RefusedError("DeleteConflict", message, 409)


def _check_tags(names: list[str]) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html"""
    if len({name.lower() for name in names}) != len(names):
        message = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        raise RefusedError("InvalidInput", message, 400)
    if any(name.lower().startswith("aws:") for name in names):
        raise RefusedError("InvalidInput", "Tags that begin with aws: are set by AWS alone", 400)


def _conflict(what: str) -> RefusedError:
    return RefusedError("DeleteConflict", f"Cannot delete entity, {what}.", 409)
