"""What exists in Google Cloud, read by a few REST calls: GET, and the project's getIamPolicy, a POST that reads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import urllib3
from lightly_policies.evaluator.gcs import Binding, Condition

from lightly_access.audit.finding import Unreadable
from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs import names
from lightly_access.kinds.gcs.audit.facts import Account, GcpFacts, Key
from lightly_access.kinds.gcs.rest import READ_ONLY, STORAGE, NoLoginError, Rest

IAM = "https://iam.googleapis.com"
_PROJECTS = "https://cloudresourcemanager.googleapis.com"


class Reader:
    """Google Cloud as whoever runs this may read it. No method raises for what Google refuses."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.rest = Rest(environ, READ_ONLY)

    def facts(self, registered: Registered) -> GcpFacts:
        """Everything about the service account of one datasource, and about its bucket."""
        return GoogleReading(self.rest, registered).facts()


class GoogleReading:
    """The calls about one datasource; what could not be read is kept in `unreadable`."""

    def __init__(self, rest: Rest, registered: Registered) -> None:
        self.rest, self.registered, self.unreadable = rest, registered, list[Unreadable]()
        self.locked_out = False

    def facts(self) -> GcpFacts:
        account = self.account()
        bucket = f"/storage/v1/b/{quote(self.registered.bucket, safe='')}"
        settings = self.get("the bucket's settings", "storage.buckets.get", STORAGE, bucket) or {}
        versioned = {"optionsRequestedPolicyVersion": "3"}
        policy = self.get("the bucket's bindings", "storage.buckets.getIamPolicy", STORAGE, f"{bucket}/iam", versioned)
        found = [*bindings(policy, self.registered.bucket), *self.of_project()]
        mine = [binding for binding in found if account and binding.names(account.member)]
        roles = {name: role for name in {each.role for each in mine} if (role := self._role(name)) is not None}
        iam = settings.get("iamConfiguration", {})
        return GcpFacts(
            account,
            tuple(found),
            roles,
            iam.get("uniformBucketLevelAccess", {}).get("enabled", False) if settings else None,
            str(iam.get("publicAccessPrevention", "")),
            tuple(self.unreadable),
            complete=not self.unreadable,
        )

    def account(self) -> Account | None:
        email = self.registered.values.get("clientEmail", "")
        if not email:
            self._note(
                "the service account", "", "Lightly does not show the key file, so whose key it is cannot be known"
            )
            return None
        account = Account(email, _project_of(email, self.registered))
        path = f"/v1/projects/{quote(account.project)}/serviceAccounts/{quote(email)}"
        found = self.get(f"service account {email}", "iam.serviceAccounts.get", IAM, path)
        if found:
            account = replace(account, disabled=bool(found.get("disabled", False)))
        keys = self.get(f"the keys of {email}", "iam.serviceAccountKeys.list", IAM, f"{path}/keys")
        made = [each for each in (keys or {}).get("keys", ()) if each.get("keyType", "USER_MANAGED") == "USER_MANAGED"]
        return replace(account, keys=tuple(key(each) for each in made))

    def of_project(self) -> list[Binding]:
        """The bindings of its project; none where they may not be read."""
        project = self.registered.values.get("projectId") or self.registered.values.get("keyProjectId")
        if not project:
            return []
        path = f"/v1/projects/{quote(project)}:getIamPolicy"
        what = f"the bindings of project {project}"
        return list(
            bindings(self.get(what, "resourcemanager.projects.getIamPolicy", _PROJECTS, path, method="POST"), None)
        )

    def _role(self, role: str) -> frozenset[str] | None:
        found = self.get(f"role {role}", "iam.roles.get", IAM, f"/v1/{quote(role)}")
        return None if found is None else frozenset(found.get("includedPermissions", ()))

    def get(
        self, what: str, needs: str, base: str, path: str, query: Mapping[str, str] | None = None, method: str = "GET"
    ) -> dict[str, Any] | None:
        """The answer; None for what is not there or may not be read, both noted."""
        try:
            status, found = self.rest.ask_once(method, base, path, query)
        except NoLoginError as error:
            if not self.locked_out:  # every other call would be refused for it too
                self._note("anything of Google Cloud", "a login", str(error))
            self.locked_out = True
            return None
        except urllib3.exceptions.HTTPError as error:
            self._note(what, needs, type(error).__name__)
            return None
        if status >= 300:
            self._note(what, "" if status == 404 else needs, "it is not there" if status == 404 else f"HTTP {status}")
            return None
        return found if isinstance(found, dict) else {}

    def _note(self, what: str, needs: str, reason: str) -> None:
        self.unreadable.append(Unreadable(what, needs, reason, str(self.registered.purpose)))


def bindings(policy: Mapping[str, Any] | None, bucket: str | None) -> list[Binding]:
    """Those of a policy, which is a bucket's, or a project's (None)."""
    return [
        Binding(str(each.get("role", "")), tuple(each.get("members", ())), _condition(each.get("condition")), bucket)
        for each in (policy or {}).get("bindings", ())
    ]


def _condition(found: Mapping[str, str] | None) -> Condition | None:
    return (
        Condition(found.get("title", ""), found.get("expression", ""), found.get("description", "")) if found else None
    )


def key(found: Mapping[str, Any]) -> Key:
    """As Google lists it."""
    created = datetime.fromisoformat(str(found["validAfterTime"]).replace("Z", "+00:00"))
    return Key(str(found["name"]).rpartition("/")[2], created, bool(found.get("disabled", False)))


def _project_of(email: str, registered: Registered) -> str:
    """What the address says; of other forms, what the key file says."""
    return names.project_of_email(email) or registered.values.get("keyProjectId") or "-"
