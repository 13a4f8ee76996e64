"""gcp:serviceaccount/account:Account.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/serviceaccount/account/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/resourcemanager/resource_google_service_account.go.
"""

from collections.abc import Mapping
from typing import Any

from lightly_sandbox.kinds.gcs.mock_provider.errors import found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError


class Account:
    """One call to make it, and a second when it is to be born disabled."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it, and wait until IAM finds it."""
        about = {name: inputs.get(name) or "" for name in ("displayName", "description")}
        body = {"accountId": inputs["accountId"], "serviceAccount": about}
        answer = work.send("POST", f"/v1/projects/{work.project_of(inputs)}/serviceAccounts", body)
        facts = _facts(answer)
        try:
            work.patiently(lambda: work.get(f"/v1/{answer['name']}"), lambda error: error.status in (403, 404))
            if inputs.get("disabled"):
                work.send("POST", f"/v1/{answer['name']}:disable")
        except Exception as error:
            raise PartialCreateError(answer["name"], facts, error) from error
        return Created(answer["name"], {**facts, "disabled": bool(inputs.get("disabled"))})

    def read(self, work: Work, id: str, _state: Facts) -> Found | None:
        """By its name; an import may say the email only."""
        name = id if id.startswith("projects/") else f"projects/{work.session.project}/serviceAccounts/{id}"
        answer = found(lambda: work.get(f"/v1/{name}"))
        return None if answer is None else Found(answer["name"], _facts(answer))

    def update(self, work: Work, id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Switch it on or off, and say something else about it."""
        if "disabled" in changed:
            work.send("POST", f"/v1/{id}:{'disable' if inputs.get('disabled') else 'enable'}")
        mask = sorted(changed & {"displayName", "description"})
        if mask:
            about = {name: inputs.get(name) or "" for name in mask}
            work.send("PATCH", f"/v1/{id}", {"serviceAccount": about, "updateMask": ",".join(mask)})
        return {}

    def delete(self, work: Work, id: str, _state: Facts) -> None:
        """Gone with all of its keys."""
        found(lambda: work.send("DELETE", f"/v1/{id}"))


def _facts(answer: Mapping[str, Any]) -> Facts:
    email = answer["email"]
    return {
        "accountId": email.partition("@")[0],
        "project": answer["projectId"],
        "displayName": answer.get("displayName", ""),
        "description": answer.get("description", ""),
        "disabled": bool(answer.get("disabled")),
        "email": email,
        "member": f"serviceAccount:{email}",
        "name": answer["name"],
        "uniqueId": answer["uniqueId"],
    }
