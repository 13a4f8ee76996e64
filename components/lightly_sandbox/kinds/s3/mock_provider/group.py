"""aws:iam/group:Group and aws:iam/userGroupMembership:UserGroupMembership.

Sources: `group.go` and `user_group_membership.go` in
https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError, RefusedError


class Group:
    """A group is renamed and moved in place.

    After a rename the state's name counts, for an engine cannot change an id.
    """

    def create(self, work: Work, inputs: Facts) -> Created:
        path = inputs.get("path", "/")
        group = work.patiently(lambda: work.iam.create_group(GroupName=inputs["name"], Path=path))["Group"]
        return Created(group["GroupName"], {"arn": group["Arn"], "uniqueId": group["GroupId"]})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """One call; who is in it is not its business."""
        answer = found(lambda: work.iam.get_group(GroupName=state.get("name", id), MaxItems=1))
        if answer is None:
            return None
        group = answer["Group"]
        facts = {"name": group["GroupName"], "path": group["Path"], "arn": group["Arn"], "uniqueId": group["GroupId"]}
        return Found(group["GroupName"], facts)

    def update(self, work: Work, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if not changed:
            return {}
        name, wanted = state.get("name", id), dict[str, Any]()
        if "name" in changed:
            wanted["NewGroupName"] = inputs["name"]
        if "path" in changed:
            wanted["NewPath"] = inputs.get("path", "/")
        work.patiently(lambda: work.iam.update_group(GroupName=name, **wanted))
        renamed = work.patiently(lambda: work.iam.get_group(GroupName=inputs["name"], MaxItems=1), "NoSuchEntity")
        group = renamed["Group"]
        if group["Path"] != inputs.get("path", "/"):  # moto 5.2.5 does so unless the name changes too
            raise RefusedError(f"AWS accepted the path {inputs.get('path', '/')!r} and kept {group['Path']!r}")
        return {"arn": group["Arn"]}

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """DeleteConflict is waited for: its policies and members are resources that are being deleted too."""
        name = state.get("name", id)
        found(lambda: work.patiently(lambda: work.iam.delete_group(GroupName=name), "DeleteConflict"))


class UserGroupMembership:
    """The groups of a user that the program names; other groups of the user are left alone."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """One call a group. The id means nothing to AWS."""
        id = f"terraform-{datetime.now(UTC):%Y%m%d%H%M%S%f}{secrets.token_hex(2)}"
        joined: list[str] = []
        try:
            for group in inputs["groups"]:
                self._join(work, inputs["user"], group)
                joined.append(group)
        except Exception as error:
            if not joined:
                raise
            raise PartialCreateError(id, {"groups": joined}, error) from error
        return Created(id)

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """One call. An import takes `<user>/<group>/<group>...`."""
        user, groups = (state["user"], state["groups"]) if state else _imported(id)
        pages = work.iam.get_paginator("list_groups_for_user").paginate(UserName=user)
        actual = found(lambda: {entry["GroupName"] for page in pages for entry in page["Groups"]})
        if actual is None:
            return None
        return Found(id, {"user": user, "groups": [group for group in groups if group in actual]})

    def update(self, work: Work, _id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if "groups" in changed:
            before, after = set(state.get("groups") or ()), set(inputs["groups"])
            for group in sorted(after - before):
                self._join(work, inputs["user"], group)
            for group in sorted(before - after):
                self._leave(work, inputs["user"], group)
        return {}

    def delete(self, work: Work, _id: str, state: Facts) -> None:
        for group in state.get("groups") or ():
            self._leave(work, state["user"], group)

    def _join(self, work: Work, user: str, group: str) -> None:
        work.patiently(lambda: work.iam.add_user_to_group(UserName=user, GroupName=group))

    def _leave(self, work: Work, user: str, group: str) -> None:
        found(lambda: work.patiently(lambda: work.iam.remove_user_from_group(UserName=user, GroupName=group)))


def _imported(id: str) -> tuple[str, list[str]]:
    user, *groups = id.split("/")
    if not user or not groups or not all(groups):
        raise RefusedError(f"got the import id {id!r}, expected `<user>/<group>/<group>...`")
    return user, groups
