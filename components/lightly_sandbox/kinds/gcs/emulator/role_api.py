"""Custom roles over IAM's API: https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles."""

from werkzeug.wrappers import Response

from lightly_sandbox.kinds.gcs.emulator.errors import json_response
from lightly_sandbox.kinds.gcs.emulator.request_context import Visit


def create(visit: Visit, project: str) -> Response:
    """A new role."""
    visit.needs_project("iam.roles.create", project, f"projects/{project}")
    given = visit.call.json()
    role = visit.world.roles.create(project, str(given.get("roleId", "")), given.get("role") or {})
    return json_response(200, role.show())


def listing(visit: Visit, project: str) -> Response:
    """The roles of a project; deleted ones on demand."""
    visit.needs_project("iam.roles.list", project, f"projects/{project}")
    roles = visit.world.roles.list(project, deleted=visit.call.query.get("showDeleted") == "true")
    return json_response(200, {"roles": [it.show() for it in roles]} if roles else {})


def get(visit: Visit, project: str, role: str) -> Response:
    """One role, also one that was deleted lately."""
    return json_response(200, visit.world.roles.get(_name(visit, "get", project, role)).show())


def patch(visit: Visit, project: str, role: str) -> Response:
    """Change it; without a mask, what is given."""
    mask = frozenset(filter(None, visit.call.query.get("updateMask", "").split(",")))
    name = _name(visit, "update", project, role)
    return json_response(200, visit.world.roles.patch(name, visit.call.json(), mask).show())


def delete(visit: Visit, project: str, role: str) -> Response:
    """Mark it as deleted: its bindings stay and grant nothing."""
    return json_response(200, visit.world.roles.delete(_name(visit, "delete", project, role)).show())


def undelete(visit: Visit, project: str, role: str) -> Response:
    """Bring it back within 7 days."""
    return json_response(200, visit.world.roles.undelete(_name(visit, "undelete", project, role)).show())


def _name(visit: Visit, verb: str, project: str, role: str) -> str:
    name = f"projects/{project}/roles/{role}"
    visit.needs_project(f"iam.roles.{verb}", project, name)
    return name
