"""aws:iam/role:Role. Inline and managed policies inside the role are deprecated in the SDK and refused.

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/ and
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lightly_sandbox.emulators.clock import rfc3339
from lightly_sandbox.kinds.s3.mock_provider import tags
from lightly_sandbox.kinds.s3.mock_provider.errors import code_of, found
from lightly_sandbox.kinds.s3.mock_provider.policies import text_of
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError

DEFAULT_SESSION_SECONDS = 3600


class Role:
    """One call to make it, one to read it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it; a principal in its trust policy that AWS does not know yet is waited for."""
        request: dict[str, Any] = {
            "RoleName": inputs["name"],
            "Path": inputs.get("path"),
            "AssumeRolePolicyDocument": inputs["assumeRolePolicy"],
            "Description": inputs.get("description"),
            "MaxSessionDuration": inputs.get("maxSessionDuration"),
            "PermissionsBoundary": inputs.get("permissionsBoundary"),
            "Tags": tags.as_list(tags.of(work, inputs)),
        }
        wanted = {name: value for name, value in request.items() if value}
        role = work.patiently(lambda: work.iam.create_role(**wanted))["Role"]
        return Created(role["RoleName"], {**_computed(role), **tags.given(work, inputs)})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Everything, tags too, is in one answer."""
        answer = found(lambda: work.iam.get_role(RoleName=id))
        if answer is None:
            return None
        role = answer["Role"]
        facts = {
            "name": role["RoleName"],
            "path": role["Path"],
            "assumeRolePolicy": text_of(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description") or None,
            "maxSessionDuration": role.get("MaxSessionDuration"),
            "permissionsBoundary": (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"),
            **_computed(role),
            **tags.facts(work, state, role.get("Tags", [])),
        }
        return Found(role["RoleName"], facts)

    def update(self, work: Work, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Each aspect has a call of its own; what was done before one failed is kept."""
        done: Facts = {}
        try:
            if "assumeRolePolicy" in changed:
                trust = inputs["assumeRolePolicy"]
                work.patiently(lambda: work.iam.update_assume_role_policy(RoleName=id, PolicyDocument=trust))
                done["assumeRolePolicy"] = trust
            if changed & {"description", "maxSessionDuration"}:
                self._describe(work, id, inputs)
                done |= {name: inputs.get(name) for name in ("description", "maxSessionDuration")}
            if "permissionsBoundary" in changed:
                self._bound(work, id, inputs.get("permissionsBoundary"))
                done["permissionsBoundary"] = inputs.get("permissionsBoundary")
            if changed & tags.EITHER:
                self._tag(work, id, state, inputs)
        except Exception as error:
            if not done:
                raise
            raise PartialCreateError(id, done, error) from error
        return tags.given(work, inputs)

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """Policies that others gave it go with it, as the provider removes all that its last refresh saw.

        The role's own are resources that are being deleted too. A stack that was never refreshed is more patient than
        we are: the provider waits two minutes for others' policies to go, and fails.
        """
        if state.get("forceDetachPolicies") and found(lambda: self._detach(work, id)) is None:
            return
        try:
            found(lambda: work.patiently(lambda: work.iam.delete_role(RoleName=id)))
        except ClientError as error:
            if code_of(error) != "DeleteConflict":
                raise
            found(lambda: self._detach(work, id))
            found(lambda: work.patiently(lambda: work.iam.delete_role(RoleName=id), "DeleteConflict"))

    def _describe(self, work: Work, role: str, inputs: Facts) -> None:
        seconds = inputs.get("maxSessionDuration") or DEFAULT_SESSION_SECONDS
        description = inputs.get("description") or ""
        work.patiently(lambda: work.iam.update_role(RoleName=role, Description=description, MaxSessionDuration=seconds))

    def _bound(self, work: Work, role: str, boundary: str | None) -> None:
        if boundary:
            work.patiently(lambda: work.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary))
        else:
            work.patiently(lambda: work.iam.delete_role_permissions_boundary(RoleName=role))

    def _tag(self, work: Work, role: str, state: Facts, inputs: Facts) -> None:
        gone, wanted = tags.removed(work, state, inputs), tags.as_list(tags.of(work, inputs))
        if gone:
            work.patiently(lambda: work.iam.untag_role(RoleName=role, TagKeys=gone))
        if wanted:
            work.patiently(lambda: work.iam.tag_role(RoleName=role, Tags=wanted))

    def _detach(self, work: Work, role: str) -> bool:
        for attached in work.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role):
            for managed in attached["AttachedPolicies"]:
                work.iam.detach_role_policy(RoleName=role, PolicyArn=managed["PolicyArn"])
        for inline in work.iam.get_paginator("list_role_policies").paginate(RoleName=role):
            for name in inline["PolicyNames"]:
                work.iam.delete_role_policy(RoleName=role, PolicyName=name)
        return True


def _computed(role: Mapping[str, Any]) -> Facts:
    return {"arn": role["Arn"], "uniqueId": role["RoleId"], "createDate": rfc3339(role["CreateDate"].timestamp())}
