"""The owner of the projects of Google Cloud: adopted buckets, one that nobody granted, and roles to change."""

import base64
import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lightly_access.kinds.gcs.names import service_account_email
from lightly_core.capability import Capability, Purpose
from lightly_core.secret import Secret
from lightly_policies.render_gcs import gcs_binding, gcs_role

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.kinds.gcs.client import Google
from lightly_sandbox.sandbox import Sandbox

PAYROLL = "acme-payroll"
STRANGER_KEY = "SANDBOX_STRANGER_GOOGLE_CREDENTIALS"
"""The variable with the key file of a service account in somebody else's project."""
_TAKEN = "storage.objects.create"


def administrator(sandbox: Sandbox) -> Google:
    ready = sandbox.services["gcs"].announcement
    return Google(ready["url"], ready["token"])


def _make(google: Google, project: str, bucket: str) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    settings = {"name": bucket, "location": "EUROPE-WEST3", "iamConfiguration": uniform}
    google.ask("POST", "/storage/v1/b", settings, project=project)


def _policy(google: Google, bucket: str) -> dict[str, Any]:
    policy: dict[str, Any] = google.ask("GET", f"/storage/v1/b/{bucket}/iam", optionsRequestedPolicyVersion=3)
    return policy


def _empty(sandbox: Sandbox, bucket: str) -> None:
    """What its owner would do: delete every version."""
    with administrator(sandbox) as google:
        for entry in google.listed(bucket, versions="true"):
            google.delete(bucket, entry["name"], generation=entry["generation"])


class GcsFixture(Fixture):
    """The owner of the projects of Google Cloud."""

    rotating = ("service_account",)
    # A real IAM takes a while to know a new key and to put a new binding into force.
    slow: Mapping[str, object] = {"propagation": {"invalid_seconds": 0.4, "denied_seconds": 0.4}}
    _made_elsewhere: frozenset[str] = frozenset()

    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        return frozenset(store.bucket for store in stores)

    def _projects(self) -> list[str]:
        """The first one is where the deployer's own login leads."""
        own = self.estate.config.get("gcp:project")
        named = [store.project for store in self.estate.stores.values()]
        return list(dict.fromkeys([*([str(own)] if own else []), *named]))

    def asked(self) -> Mapping[str, Any]:
        return {"projects": self._projects()}

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """The buckets with data, one that is nobody's business, and a stranger with a key."""
        found, adopted = list(files), self.estate.adopted()
        with administrator(sandbox) as google:
            projects = {store.bucket: store.project for store in adopted}
            if PAYROLL not in self.names(self.estate.stores.values()):
                projects[PAYROLL] = self._projects()[0]
                self.adopted |= {PAYROLL}
            for bucket, project in projects.items():
                _make(google, project, bucket)
            google.write(PAYROLL, "2026-11.csv", b"name,salary\n")
            for source in self.estate.found():
                for name, content in found if source.purpose is Purpose.INPUT else [("", b"")]:
                    google.write(source.store.bucket, source.table.path + name, content)
            for source in self.estate.external():
                self.give(sandbox, (*source.place, "secret"), source.table.secret, self._key(google, source))
        stranger = sandbox.services["gcs"].announcement["stranger"]
        with Google(sandbox.services["gcs"].announcement["url"], stranger["token"]) as google:
            sandbox.given[STRANGER_KEY] = _account(google, stranger["project"], "stranger").reveal()

    def _key(self, google: Google, source: Source) -> Secret:
        """The key file of a service account with the rights that Lightly needs, as `lightly-access handoff` asks."""
        project, bucket = source.store.project, source.store.bucket
        id = f"external-{len(self._made_elsewhere)}"
        email, role_id = service_account_email(id, project), id.replace("-", "_")
        key = _account(google, project, id)
        role = f"projects/{project}/roles/{role_id}"
        body = {"roleId": role_id, "role": json.loads(gcs_role(source.purpose))}
        google.ask("POST", f"/v1/projects/{project}/roles", body)
        bound = json.loads(gcs_binding(bucket, source.table.path, role=role, member=f"serviceAccount:{email}"))
        binding = {"role": role, "members": [f"serviceAccount:{email}"]}
        binding |= {"condition": bound["condition"]} if bound["condition"] else {}
        policy = _policy(google, bucket)
        policy |= {"version": 3, "bindings": [*policy["bindings"], binding]}
        google.ask("PUT", f"/storage/v1/b/{bucket}/iam", policy)
        self._made_elsewhere |= {email, role}
        return key

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        with administrator(sandbox) as google:
            return {
                bucket["name"]: frozenset((found["name"], found["etag"]) for found in google.listed(bucket["name"]))
                for project in self._projects()
                for bucket in google.ask("GET", "/storage/v1/b", project=project).get("items", [])
            }

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take storage.objects.create from the custom role of a LIGHTLY service account, which a store's share."""
        mine = [each for each in self.estate.ours("service_account") if each.purpose is Purpose.LIGHTLY]
        if not mine:
            return None
        broken = (mine[0].dataset, mine[0].purpose)
        credential = credential_log.current(*broken)
        member = f"serviceAccount:{json.loads(credential.secret.reveal())['client_email']}"
        with administrator(sandbox) as google:
            policy = _policy(google, credential.bucket)
            role = next(binding["role"] for binding in policy["bindings"] if member in binding["members"])
            kept = [
                permission
                for permission in google.ask("GET", f"/v1/{role}")["includedPermissions"]
                if permission != _TAKEN
            ]
            google.ask("PATCH", f"/v1/{role}", {"includedPermissions": kept}, updateMask="includedPermissions")
        beside = frozenset((each.dataset, each.purpose) for each in mine if each.store == mine[0].store)
        return Broken(*broken, _TAKEN, frozenset({Capability.WRITE, Capability.OVERWRITE}), beside)

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """An object in each bucket that we made: only those may go that may be destroyed with their objects."""
        guards = []
        with administrator(sandbox) as google:
            for store in self.estate.created():
                google.write(store.bucket, PRECIOUS, b"precious")
                if not store.force_destroy:
                    clear = functools.partial(_empty, sandbox, store.bucket)
                    guards.append(Guard(f"the Google bucket {store.bucket} with objects", (store.bucket,), clear))
        return guards

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Service accounts and custom roles of the projects, and what the adopted buckets still grant."""
        found = []
        with administrator(sandbox) as google:
            for project in self._projects():
                accounts = google.ask("GET", f"/v1/projects/{project}/serviceAccounts").get("accounts", [])
                found += [("service account", account["email"]) for account in accounts]
                roles = google.ask("GET", f"/v1/projects/{project}/roles").get("roles", [])
                found += [("role", role["name"]) for role in roles if not role.get("deleted")]
            for bucket in sorted(self.names(self.estate.adopted())):
                granted = [member for binding in _policy(google, bucket)["bindings"] for member in binding["members"]]
                emails = (member.partition("serviceAccount:")[2] for member in granted)
                found += [("binding of", email) for email in emails if email]
        return [f"{what} {name}" for what, name in found if name not in self._made_elsewhere]

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        here, wanted = self.stores(sandbox).keys(), {urlsplit(path).netloc for path in paths}
        projects = {store.bucket: store.project for store in self.estate.stores.values()}
        with administrator(sandbox) as google:
            for bucket in sorted(wanted - here):
                _make(google, projects[bucket], bucket)


def _account(google: Google, project: str, id: str) -> Secret:
    """A service account, by the text of its key file."""
    accounts = f"/v1/projects/{project}/serviceAccounts"
    email = google.ask("POST", accounts, {"accountId": id, "serviceAccount": {}})["email"]
    key = google.ask("POST", f"{accounts}/{email}/keys", {})
    return Secret(base64.b64decode(key["privateKeyData"]).decode())
