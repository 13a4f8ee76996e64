"""A deployer of the local Google Cloud: buckets, roles, service accounts and bindings as our documents say them."""

import base64
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote

import urllib3
from lightly_policies.render_gcs import gcs_binding, gcs_role


@dataclass
class Google:
    """Asks over HTTP; every bucket, role and account gets a name of its own."""

    url: str
    project: str
    token: str
    numbers: Any = field(default_factory=lambda: count(1))

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> Any:
        """The JSON answer. Raises AssertionError for anything but success."""
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        answer = urllib3.request(method, f"{self.url}{path}", body=data, headers=headers, retries=False)
        assert answer.status < 300, (method, path, answer.status, answer.data)
        return json.loads(answer.data) if answer.data else None

    def bucket(self, *names: str) -> str:
        """A new bucket with uniform access, and objects of these names."""
        name = f"acme-probed-{next(self.numbers)}"
        uniform = {"uniformBucketLevelAccess": {"enabled": True}}
        self.ask("POST", f"/storage/v1/b?project={self.project}", {"name": name, "iamConfiguration": uniform})
        for item in names:
            self.put(name, item, b" " if item.endswith("/") else b"moo")
        return name

    def put(self, bucket: str, name: str, content: bytes) -> None:
        """An object."""
        path = f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={quote(name, safe='')}"
        self.ask("POST", path, raw=content)

    def stored(self, bucket: str) -> list[str]:
        """The names of all objects."""
        return [item["name"] for item in self.ask("GET", f"/storage/v1/b/{bucket}/o").get("items", [])]

    def role(self, permissions: list[str]) -> str:
        """A new custom role."""
        body = {"roleId": f"probed_{next(self.numbers)}", "role": {"title": "r", "includedPermissions": permissions}}
        made: str = self.ask("POST", f"/v1/projects/{self.project}/roles", body)["name"]
        return made

    def account(self) -> str:
        """A new service account's email."""
        body = {"accountId": f"probed-{next(self.numbers)}"}
        made: str = self.ask("POST", f"/v1/projects/{self.project}/serviceAccounts", body)["email"]
        return made

    def key(self, email: str) -> str:
        """The JSON text of a new key file."""
        made = self.ask("POST", f"/v1/projects/{self.project}/serviceAccounts/{email}/keys", {})
        return base64.b64decode(made["privateKeyData"]).decode()

    def bind(self, bucket: str, binding: dict[str, Any]) -> None:
        """One more binding on the bucket."""
        policy = self.ask("GET", f"/storage/v1/b/{bucket}/iam?optionsRequestedPolicyVersion=3")
        more = {"role": binding["role"], "members": [binding["member"]]}
        if binding["condition"]:
            more["condition"] = binding["condition"]
        self.ask(
            "PUT", f"/storage/v1/b/{bucket}/iam", {**policy, "version": 3, "bindings": [*policy["bindings"], more]}
        )

    def granted(self, purpose: str, bucket: str, path: str, *, without: str = "", more: tuple[str, ...] = ()) -> str:
        """The key file of a new service account with our documents for the purpose, or less, or more."""
        permissions = {*json.loads(gcs_role(purpose))["includedPermissions"], *more} - {without}
        email = self.account()
        document = gcs_binding(bucket, path, role=self.role(sorted(permissions)), member=f"serviceAccount:{email}")
        self.bind(bucket, json.loads(document))
        return self.key(email)
