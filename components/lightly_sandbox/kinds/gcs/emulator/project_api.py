"""A project's IAM policy: https://cloud.google.com/resource-manager/reference/rest/v1/projects/getIamPolicy.

What it grants counts for every bucket of the project and, without a condition, for the project itself.
"""

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator import policy
from lightly_sandbox.kinds.gcs.emulator.errors import invalid
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext


def get_policy(context: RequestContext, project: str) -> Answer:
    context.needs_project("resourcemanager.projects.getIamPolicy", project, f"projects/{project}")
    return json_answer(200, _shown(context, project))


def set_policy(context: RequestContext, project: str) -> Answer:
    """Replace it whole."""
    context.needs_project("resourcemanager.projects.setIamPolicy", project, f"projects/{project}")
    given = context.call.json().get("policy")
    if not isinstance(given, dict):
        raise invalid("Invalid argument: the request needs `policy`.")
    bindings = policy.read(given, context.cloud.uid_of(), context.now)
    if everybody := [each.member for each in bindings if each.member in policy.EVERYBODY]:
        raise invalid(f"The member {everybody[0]} cannot be added to the policy of a project.")
    context.cloud.projects.setdefault(project, policy.Policy()).replace(bindings)
    return json_answer(200, _shown(context, project))


def _shown(context: RequestContext, project: str) -> dict[str, object]:
    found = context.cloud.projects.get(project, policy.Policy()).show("", context.cloud.uid_of())
    return {name: found[name] for name in ("version", "etag", "bindings")}
