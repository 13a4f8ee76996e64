"""gcp:projects/iAMCustomRole:IAMCustomRole.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/projects/iamcustomrole/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/resourcemanager/resource_google_project_iam_custom_role.go:
a role that was deleted lately is brought back and brought up to date; one that lives must be imported.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.gcs.mock_provider.errors import found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_STAGE = "GA"


class CustomRole:
    """Looked for, then made or brought back."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it, or undelete it and set all of it."""
        project = work.project_of(inputs)
        if not inputs.get("roleId"):
            raise RefusedError(
                "missing required property `roleId`\nhint: the mock provider makes no role ids of its own"
            )
        name = f"projects/{project}/roles/{inputs['roleId']}"
        there = found(lambda: work.get(f"/v1/{name}"))
        if there is None:
            body = {"roleId": inputs["roleId"], "role": _body(inputs)}
            return Created(name, _facts(work.send("POST", f"/v1/projects/{project}/roles", body)))
        if not there.get("deleted"):
            raise RefusedError(f"Custom project role {name} already exists and must be imported")
        work.send("POST", f"/v1/{name}:undelete")
        return Created(name, _facts(work.send("PATCH", f"/v1/{name}", _body(inputs))))

    def read(self, work: Work, id: str, _state: Facts) -> Found | None:
        """Also one that was deleted: the provider then says `deleted: true` and keeps it."""
        name = id if id.startswith("projects/") else f"projects/{work.session.project}/roles/{id}"
        answer = found(lambda: work.get(f"/v1/{name}"))
        return None if answer is None else Found(answer["name"], _facts(answer))

    def update(self, work: Work, id: str, _state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        """Bring it back if somebody deleted it, then set all of it."""
        if work.get(f"/v1/{id}").get("deleted"):
            work.send("POST", f"/v1/{id}:undelete")
        return _facts(work.send("PATCH", f"/v1/{id}", _body(inputs)))

    def delete(self, work: Work, id: str, _state: Facts) -> None:
        """Mark it as deleted; one that is marked already is done."""
        there = found(lambda: work.get(f"/v1/{id}"))
        if there is not None and not there.get("deleted"):
            found(lambda: work.send("DELETE", f"/v1/{id}"))


def _body(inputs: Facts) -> dict[str, Any]:
    return {
        "title": inputs["title"],
        "description": inputs.get("description") or "",
        "stage": inputs.get("stage") or _STAGE,
        "includedPermissions": sorted(inputs["permissions"]),
    }


def _facts(answer: Mapping[str, Any]) -> Facts:
    _, project, _, role_id = answer["name"].split("/")
    return {
        "name": answer["name"],
        "roleId": role_id,
        "project": project,
        "title": answer.get("title", ""),
        "description": answer.get("description", ""),
        "stage": answer.get("stage", "ALPHA"),
        "permissions": answer.get("includedPermissions", []),
        "deleted": bool(answer.get("deleted")),
    }
