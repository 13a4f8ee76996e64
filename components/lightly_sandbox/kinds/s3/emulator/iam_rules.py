"""Rules of IAM that moto leaves out: documents must parse, quotas, conflicts on delete, boundaries of users.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and the API reference of each action.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lightly_policies.evaluator.aws import Document, MalformedDocumentError

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.boundaries import Boundaries
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError

_SIZES = {"PutUserPolicy": 2048, "PutGroupPolicy": 5120, "PutRolePolicy": 10240, "CreatePolicy": 6144}
_TRUST_SIZE = 2048
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
        self._deletes: dict[str, Callable[[str, Mapping[str, str]], None]] = {
            "DeleteUser": self._delete_user,
            "DeleteGroup": self._delete_group,
            "DeletePolicy": self._delete_policy,
        }

    def check(self, account: str, values: Mapping[str, str]) -> None:
        """Raises RefusedError with IAM's own code when the action would not be accepted."""
        action = values["Action"]
        for parameter in ("PolicyDocument", "AssumeRolePolicyDocument"):
            if parameter in values:
                self._check_document(action, parameter, values[parameter])
        if action == "UpdateAssumeRolePolicy" and "PolicyDocument" in values:
            self._check_trust(values["PolicyDocument"])
        if "AssumeRolePolicyDocument" in values:
            self._check_trust(values["AssumeRolePolicyDocument"])
        duration = values.get("MaxSessionDuration")
        if duration is not None and not (duration.isdecimal() and 3600 <= int(duration) <= 43200):
            message = f"1 validation error detected: Value '{duration}' at 'maxSessionDuration' failed to satisfy "
            raise RefusedError("ValidationError", message + "constraint: Member must be between 3600 and 43200", 400)
        boundary = values.get("PermissionsBoundary")
        if boundary and facts.managed_policy(account, boundary) is None:
            raise RefusedError("NoSuchEntity", f"Scope ARN: {boundary} does not exist or is not attachable.", 404)
        if action in self._deletes:
            self._deletes[action](account, values)

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

    def _check_document(self, action: str, parameter: str, text: str) -> None:
        try:
            Document.parse(parameter, text)
        except MalformedDocumentError as fault:
            raise RefusedError("MalformedPolicyDocument", str(fault), 400) from fault
        trust = parameter == "AssumeRolePolicyDocument" or action == "UpdateAssumeRolePolicy"
        limit = _TRUST_SIZE if trust else _SIZES.get(action, 10240)
        if len(re.sub(r"\s", "", text)) > limit:
            code, words = ("ACLSizePerRole", limit) if trust else ("policy size", limit)
            raise RefusedError("LimitExceeded", f"Cannot exceed quota for {code}: {words}", 409)

    def _check_trust(self, text: str) -> None:
        """IAM refuses a trust policy that names a user or role that is not there."""
        for statement in Document.parse("AssumeRolePolicyDocument", text).statements:
            for arn in (statement.principals or {}).get("AWS", ()):
                if self._missing(arn):
                    raise RefusedError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"', 400)

    def _missing(self, arn: str) -> bool:
        match = re.fullmatch(r"arn:aws:iam::(\d{12}):(user|role)/(?:.*/)?([^/]+)", arn)
        if not match or match[1] not in self.accounts:
            return False
        found: Any | None = (facts.user if match[2] == "user" else facts.role)(match[1], match[3])
        return found is None or found.arn != arn

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


def _conflict(what: str) -> RefusedError:
    return RefusedError("DeleteConflict", f"Cannot delete entity, {what}.", 409)
