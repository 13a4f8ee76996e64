"""The owner of the Google Cloud project: an adopted bucket, one that nobody granted, and roles to change."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lightly_core.capability import Capability

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.kinds.gcs.client import Google
from lightly_sandbox.sandbox import Sandbox

BROKEN = ("beehives", "LIGHTLY")
FRAMES, PAYROLL = "acme-frames", "acme-payroll"
UNFORCED = "acme-lightly-hives"
STRANGER_KEY = "SANDBOX_STRANGER_GOOGLE_CREDENTIALS"
"""The variable with the key file of a service account in somebody else's project."""
_INPUTS = ("hives/", "orchards/")
_TAKEN = "storage.objects.create"


def administrator(sandbox: Sandbox) -> Google:
    ready = sandbox.services["gcs"].announcement
    return Google(ready["url"], ready["token"])


def _project(sandbox: Sandbox) -> str:
    return str(sandbox.services["gcs"].announcement["project"])


def _make(google: Google, project: str, bucket: str) -> None:
    uniform = {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"}
    settings = {"name": bucket, "location": "EUROPE-WEST3", "iamConfiguration": uniform}
    google.ask("POST", "/storage/v1/b", settings, project=project)


def _policy(google: Google, bucket: str) -> dict[str, Any]:
    policy: dict[str, Any] = google.ask("GET", f"/storage/v1/b/{bucket}/iam", optionsRequestedPolicyVersion=3)
    return policy


class GcsFixture(Fixture):
    """The owner of the Google Cloud project."""

    datasets = frozenset({"beehives"})
    adopted = frozenset({FRAMES, PAYROLL})
    rotated = ("beehives", "LIGHTLY")
    # A real IAM takes a while to know a new key and to put a new binding into force.
    slow: Mapping[str, object] = {"propagation": {"invalid_seconds": 0.4, "denied_seconds": 0.4}}

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        """The bucket with frames, one that is nobody's business, and a stranger with a key."""
        with administrator(sandbox) as google:
            for bucket in (FRAMES, PAYROLL):
                _make(google, _project(sandbox), bucket)
            for name, content in files:
                for prefix in _INPUTS:
                    google.write(FRAMES, prefix + name, content)
            google.write(PAYROLL, "2026-11.csv", b"name,salary\n")
        stranger = sandbox.services["gcs"].announcement["stranger"]
        with Google(sandbox.services["gcs"].announcement["url"], stranger["token"]) as google:
            accounts = f"/v1/projects/{stranger['project']}/serviceAccounts"
            email = google.ask("POST", accounts, {"accountId": "stranger", "serviceAccount": {}})["email"]
            key = google.ask("POST", f"{accounts}/{email}/keys", {})
        sandbox.given[STRANGER_KEY] = base64.b64decode(key["privateKeyData"]).decode()

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        with administrator(sandbox) as google:
            buckets = google.ask("GET", "/storage/v1/b", project=_project(sandbox)).get("items", [])
            return {
                bucket["name"]: frozenset((found["name"], found["etag"]) for found in google.listed(bucket["name"]))
                for bucket in buckets
            }

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take storage.objects.create from the custom role of a LIGHTLY service account."""
        credential = credential_log.current(*BROKEN)
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
        return Broken(*BROKEN, _TAKEN, frozenset({Capability.WRITE, Capability.OVERWRITE}))

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """An object in the bucket that we made and that is not to be destroyed with its objects."""

        def empty() -> None:
            with administrator(sandbox) as google:
                for entry in google.listed(UNFORCED):
                    google.delete(UNFORCED, entry["name"])

        with administrator(sandbox) as google:
            google.write(UNFORCED, PRECIOUS, b"precious")
        return [Guard("a Google bucket with objects", (UNFORCED,), empty)]

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Service accounts and custom roles of the project, and what the adopted bucket still grants."""
        project = _project(sandbox)
        with administrator(sandbox) as google:
            accounts = google.ask("GET", f"/v1/projects/{project}/serviceAccounts").get("accounts", [])
            found = [f"service account {account['email']}" for account in accounts]
            roles = google.ask("GET", f"/v1/projects/{project}/roles").get("roles", [])
            found += [f"role {role['name']}" for role in roles if not role.get("deleted")]
            granted = [member for binding in _policy(google, FRAMES)["bindings"] for member in binding["members"]]
        return found + [f"binding of {member}" for member in granted if "serviceAccount:" in member]

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        here = self.stores(sandbox).keys()
        with administrator(sandbox) as google:
            for bucket in sorted({urlsplit(path).netloc for path in paths} - here):
                _make(google, _project(sandbox), bucket)
