"""aws:iam/user:User. A user is renamed and moved in place.

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/iam/user/ and
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/user.go.
"""

from typing import Any

from botocore.exceptions import ClientError

from lightly_sandbox.kinds.s3.mock_provider import tags
from lightly_sandbox.kinds.s3.mock_provider.errors import code_of, found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError


class User:
    """One call to make it, one to read it.

    After a rename the state's name counts, for an engine cannot change an id.
    """

    def create(self, work: Work, inputs: Facts) -> Created:
        request: dict[str, Any] = {
            "UserName": inputs["name"],
            "Path": inputs.get("path"),
            "PermissionsBoundary": inputs.get("permissionsBoundary"),
            "Tags": tags.as_list(tags.of(work, inputs)),
        }
        wanted = {name: value for name, value in request.items() if value}
        user = work.patiently(lambda: work.iam.create_user(**wanted))["User"]
        return Created(user["UserName"], {"arn": user["Arn"], "uniqueId": user["UserId"], **tags.given(work, inputs)})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Everything, tags too, is in one answer."""
        answer = found(lambda: work.iam.get_user(UserName=state.get("name", id)))
        if answer is None:
            return None
        user = answer["User"]
        facts = {
            "name": user["UserName"],
            "path": user["Path"],
            "permissionsBoundary": (user.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"),
            "arn": user["Arn"],
            "uniqueId": user["UserId"],
            **tags.facts(work, state, user.get("Tags", [])),
        }
        return Found(user["UserName"], facts)

    def update(self, work: Work, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """The rename comes first, so that every later call uses the new name."""
        name, done = state.get("name", id), dict[str, Any]()
        try:
            if changed & {"name", "path"}:
                done |= self._move(work, name, inputs, changed)
                name = inputs["name"]
            if "permissionsBoundary" in changed:
                self._bound(work, name, inputs.get("permissionsBoundary"))
                done["permissionsBoundary"] = inputs.get("permissionsBoundary")
            if changed & tags.EITHER:
                self._tag(work, name, state, inputs)
        except Exception as error:
            if not done:
                raise
            raise PartialCreateError(id, done, error) from error
        return {**done, **tags.given(work, inputs)}

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """A user leaves its groups by itself; its keys only with `forceDestroy`. The common case is one call."""
        name = state.get("name", id)
        try:
            found(lambda: work.patiently(lambda: work.iam.delete_user(UserName=name)))
        except ClientError as error:
            if code_of(error) != "DeleteConflict":
                raise
            found(lambda: self._clear(work, name, bool(state.get("forceDestroy"))))
            found(lambda: work.patiently(lambda: work.iam.delete_user(UserName=name), "DeleteConflict"))

    def _move(self, work: Work, name: str, inputs: Facts, changed: frozenset[str]) -> Facts:
        wanted: dict[str, Any] = {}
        if "name" in changed:
            wanted["NewUserName"] = inputs["name"]
        if "path" in changed:
            wanted["NewPath"] = inputs.get("path", "/")
        work.patiently(lambda: work.iam.update_user(UserName=name, **wanted))
        user = work.patiently(lambda: work.iam.get_user(UserName=inputs["name"]), "NoSuchEntity")["User"]
        return {"name": user["UserName"], "path": user["Path"], "arn": user["Arn"]}

    def _bound(self, work: Work, user: str, boundary: str | None) -> None:
        if boundary:
            work.patiently(lambda: work.iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=boundary))
        else:
            work.patiently(lambda: work.iam.delete_user_permissions_boundary(UserName=user))

    def _tag(self, work: Work, user: str, state: Facts, inputs: Facts) -> None:
        gone, wanted = tags.removed(work, state, inputs), tags.as_list(tags.of(work, inputs))
        if gone:
            work.patiently(lambda: work.iam.untag_user(UserName=user, TagKeys=gone))
        if wanted:
            work.patiently(lambda: work.iam.tag_user(UserName=user, Tags=wanted))

    def _clear(self, work: Work, user: str, force: bool) -> None:
        for groups in work.iam.get_paginator("list_groups_for_user").paginate(UserName=user):
            for group in groups["Groups"]:
                work.iam.remove_user_from_group(UserName=user, GroupName=group["GroupName"])
        if not force:
            return
        for keys in work.iam.get_paginator("list_access_keys").paginate(UserName=user):
            for key in keys["AccessKeyMetadata"]:
                work.iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        for inline in work.iam.get_paginator("list_user_policies").paginate(UserName=user):
            for name in inline["PolicyNames"]:
                work.iam.delete_user_policy(UserName=user, PolicyName=name)
        for attached in work.iam.get_paginator("list_attached_user_policies").paginate(UserName=user):
            for managed in attached["AttachedPolicies"]:
                work.iam.detach_user_policy(UserName=user, PolicyArn=managed["PolicyArn"])
