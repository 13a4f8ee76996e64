"""Custom roles over IAM's API: https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles."""

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext


def create(context: RequestContext, project: str) -> Answer:
    context.needs_project("iam.roles.create", project, f"projects/{project}")
    given = context.call.json()
    role = context.cloud.roles.create(project, str(given.get("roleId", "")), given.get("role") or {})
    return json_answer(200, role.show())


def listing(context: RequestContext, project: str) -> Answer:
    """The roles of a project; deleted ones on demand."""
    context.needs_project("iam.roles.list", project, f"projects/{project}")
    roles = context.cloud.roles.list(project, deleted=context.call.query.get("showDeleted") == "true")
    return json_answer(200, {"roles": [role.show() for role in roles]} if roles else {})


def get(context: RequestContext, project: str, role: str) -> Answer:
    """One role, also one that was deleted lately."""
    return json_answer(200, context.cloud.roles.get(_name(context, "get", project, role)).show())


def patch(context: RequestContext, project: str, role: str) -> Answer:
    """Change it; without a mask, what is given."""
    mask = frozenset(filter(None, context.call.query.get("updateMask", "").split(",")))
    name = _name(context, "update", project, role)
    return json_answer(200, context.cloud.roles.patch(name, context.call.json(), mask).show())


def delete(context: RequestContext, project: str, role: str) -> Answer:
    """Mark it as deleted: its bindings stay and grant nothing."""
    return json_answer(200, context.cloud.roles.delete(_name(context, "delete", project, role)).show())


def undelete(context: RequestContext, project: str, role: str) -> Answer:
    """Bring it back within 7 days."""
    return json_answer(200, context.cloud.roles.undelete(_name(context, "undelete", project, role)).show())


def test_permissions(context: RequestContext, project: str) -> Answer:
    """Which of the asked permissions the caller has on a project: all or none, for only administrators have any.

    https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions
    """
    context.action = "resourcemanager.projects.testIamPermissions"
    asked = [str(each) for each in context.call.json().get("permissions", ())]
    allowed = [each for each in asked if context.cloud.authoriser.allows_on_project(context.caller, each, project)]
    return json_answer(200, {"permissions": allowed} if allowed else {})


def _name(context: RequestContext, verb: str, project: str, role: str) -> str:
    name = f"projects/{project}/roles/{role}"
    context.needs_project(f"iam.roles.{verb}", project, name)
    return name
