"""Custom roles over IAM's API: https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles."""

from werkzeug.wrappers import Response

from lightly_sandbox.kinds.gcs.emulator.errors import json_response
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext


def create(request_context: RequestContext, project: str) -> Response:
    """A new role."""
    request_context.needs_project("iam.roles.create", project, f"projects/{project}")
    given = request_context.call.json()
    role = request_context.world.roles.create(project, str(given.get("roleId", "")), given.get("role") or {})
    return json_response(200, role.show())


def listing(request_context: RequestContext, project: str) -> Response:
    """The roles of a project; deleted ones on demand."""
    request_context.needs_project("iam.roles.list", project, f"projects/{project}")
    roles = request_context.world.roles.list(project, deleted=request_context.call.query.get("showDeleted") == "true")
    return json_response(200, {"roles": [it.show() for it in roles]} if roles else {})


def get(request_context: RequestContext, project: str, role: str) -> Response:
    """One role, also one that was deleted lately."""
    return json_response(200, request_context.world.roles.get(_name(request_context, "get", project, role)).show())


def patch(request_context: RequestContext, project: str, role: str) -> Response:
    """Change it; without a mask, what is given."""
    mask = frozenset(filter(None, request_context.call.query.get("updateMask", "").split(",")))
    name = _name(request_context, "update", project, role)
    return json_response(200, request_context.world.roles.patch(name, request_context.call.json(), mask).show())


def delete(request_context: RequestContext, project: str, role: str) -> Response:
    """Mark it as deleted: its bindings stay and grant nothing."""
    return json_response(
        200, request_context.world.roles.delete(_name(request_context, "delete", project, role)).show()
    )


def undelete(request_context: RequestContext, project: str, role: str) -> Response:
    """Bring it back within 7 days."""
    return json_response(
        200, request_context.world.roles.undelete(_name(request_context, "undelete", project, role)).show()
    )


def _name(request_context: RequestContext, verb: str, project: str, role: str) -> str:
    name = f"projects/{project}/roles/{role}"
    request_context.needs_project(f"iam.roles.{verb}", project, name)
    return name
