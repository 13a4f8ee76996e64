"""What there is in Google Cloud now of an access that we made: GET, and getIamPolicy, a POST that reads."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.facts import Account
from lightly_access.kinds.gcs.audit.reading import IAM, GoogleReading, bindings, key
from lightly_access.kinds.gcs.drift.facts import AccessFacts
from lightly_access.kinds.gcs.rest import STORAGE, Rest


class AccessReading:
    """The calls about one access. No method raises for what Google refuses."""

    def __init__(self, rest: Rest, registered: Registered) -> None:
        self._google = GoogleReading(rest, registered)
        self._gone: set[str] = set()

    def facts(self, email: str, project: str, role: str) -> AccessFacts:
        """The service account, our custom role, the bucket and its project."""
        google, name = self._google, self._google.registered.bucket
        account, keys = self._account(email, project)
        path = f"/storage/v1/b/{quote(name, safe='')}"
        bucket = self._there("bucket", f"bucket {name}", "storage.buckets.get", STORAGE, path)
        policy = None
        if bucket is not None:
            query = {"optionsRequestedPolicyVersion": "3"}
            what = f"the bindings of bucket {name}"
            policy = google.get(what, "storage.buckets.getIamPolicy", STORAGE, f"{path}/iam", query)
        unread = len(google.unreadable)
        of_project = google.of_project()
        known = len(google.unreadable) == unread and not google.locked_out
        found = self._there("role", f"role {role}", "iam.roles.get", IAM, f"/v1/{quote(role)}") if role else None
        if found and found.get("deleted"):
            self._gone.add("role")
        return AccessFacts(
            frozenset(self._gone),
            account,
            keys,
            None if policy is None else tuple(bindings(policy, name)),
            tuple(of_project) if known else None,
            None if found is None else frozenset(map(str, found.get("includedPermissions", ()))),
            None if bucket is None else bucket.get("iamConfiguration", {}),
            tuple(google.unreadable),
        )

    def _account(self, email: str, project: str) -> tuple[Account | None, bool]:
        path = f"/v1/projects/{quote(project)}/serviceAccounts/{quote(email)}"
        found = self._there("account", f"service account {email}", "iam.serviceAccounts.get", IAM, path)
        if found is None:
            return None, False
        account = Account(email, project, bool(found.get("disabled", False)))
        query = {"keyTypes": "USER_MANAGED"}
        keys = self._google.get(f"the keys of {email}", "iam.serviceAccountKeys.list", IAM, f"{path}/keys", query)
        if keys is None:
            return account, False
        made = [each for each in keys.get("keys", ()) if each.get("keyType", "USER_MANAGED") == "USER_MANAGED"]
        return replace(account, keys=tuple(key(each) for each in made)), True

    def _there(self, word: str, what: str, needs: str, base: str, path: str) -> dict[str, Any] | None:
        """The answer; that it is not there is a fact, and nothing that could not be read."""
        google, unread = self._google, len(self._google.unreadable)
        found = google.get(what, needs, base, path)
        if found is None and len(google.unreadable) > unread and not google.unreadable[-1].needs:
            google.unreadable.pop()
            self._gone.add(word)
        return found
