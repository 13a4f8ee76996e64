"""Inline policies of roles and groups: aws:iam/rolePolicy:RolePolicy and aws:iam/groupPolicy:GroupPolicy.

Their id is `<role or group>:<policy>`, which is also what an import takes. Sources: `role_policy.go` and
`group_policy.go` in https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam.
"""

import json
from typing import Any

from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError


class InlinePolicy:
    """`owner` is the property that says whose policy it is: `role` or `group`."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    def create(self, work: Work, inputs: Facts) -> Created:
        self._put(work, inputs)
        return Created(f"{inputs[self._owner]}:{inputs['name']}")

    def read(self, work: Work, id: str, _state: Facts) -> Found | None:
        """One call; gone with its owner."""
        owner, colon, name = id.partition(":")
        if not colon or not owner or not name:
            raise RefusedError(f"got the id {id!r}, expected `<{self._owner}>:<policy name>`")
        answer: Any = found(lambda: self._get(work, owner, name))
        if answer is None:
            return None
        return Found(id, {self._owner: owner, "name": name, "policy": text_of(answer["PolicyDocument"])})

    def update(self, work: Work, _id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if "policy" in changed:
            self._put(work, inputs)
        return {}

    def delete(self, work: Work, id: str, _state: Facts) -> None:
        owner, _, name = id.partition(":")
        found(lambda: work.patiently(lambda: self._remove(work, owner, name)))

    def _put(self, work: Work, inputs: Facts) -> None:
        owner, name, text = inputs[self._owner], inputs["name"], inputs["policy"]
        if self._owner == "role":
            work.patiently(lambda: work.iam.put_role_policy(RoleName=owner, PolicyName=name, PolicyDocument=text))
        else:
            work.patiently(lambda: work.iam.put_group_policy(GroupName=owner, PolicyName=name, PolicyDocument=text))

    def _get(self, work: Work, owner: str, name: str) -> object:
        if self._owner == "role":
            return work.iam.get_role_policy(RoleName=owner, PolicyName=name)
        return work.iam.get_group_policy(GroupName=owner, PolicyName=name)

    def _remove(self, work: Work, owner: str, name: str) -> None:
        if self._owner == "role":
            work.iam.delete_role_policy(RoleName=owner, PolicyName=name)
        else:
            work.iam.delete_group_policy(GroupName=owner, PolicyName=name)


def text_of(document: object) -> str:
    """A document as text: botocore decodes those of IAM into objects, but not when they are no JSON."""
    return document if isinstance(document, str) else json.dumps(document)
