"""A project at the local Google Cloud, and the few calls that tests make over and over."""

import base64
import itertools
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import obstore
import urllib3
from obstore.store import GCSStore

STORAGE, PLATFORM = "https://www.googleapis.com/auth/devstorage.", "https://www.googleapis.com/auth/cloud-platform"
TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"
ALLOWED = "allowed"
READ, WRITE = ("storage.objects.get", "storage.objects.list"), ("storage.objects.create", "storage.objects.delete")
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["error"]["message"])

    @property
    def reason(self) -> str:
        return str(self.json["error"]["errors"][0]["reason"])


@dataclass(frozen=True)
class Who:
    """A service account with a key of it."""

    email: str
    file: Mapping[str, str] = field(repr=False)

    @property
    def member(self) -> str:
        return f"serviceAccount:{self.email}"

    @property
    def key_id(self) -> str:
        return self.file["private_key_id"]

    def signed(self, *, without: tuple[str, ...] = (), kid: str | None = None, **claims: Any) -> str:
        """A token that the key signed; scopes in place of an audience unless the claims say otherwise."""
        now = int(time.time())
        scope = {} if "aud" in claims else {"scope": PLATFORM}
        body = {"iss": self.email, "sub": self.email, "iat": now, "exp": now + 3600, **scope, **claims}
        kept = {name: value for name, value in body.items() if name not in without}
        headers = {"kid": self.key_id if kid is None else kid}
        return jwt.encode(kept, self.file["private_key"], "RS256", headers)


class Project:
    """Calls at the endpoint, made by the administrator of the project unless another bearer is given."""

    def __init__(self, endpoint: str, announcement: Mapping[str, Any]) -> None:
        self.endpoint, self.announcement = endpoint, announcement
        self.project: str = announcement["project"]
        self._known: list[Who] = []
        self._pool = urllib3.PoolManager(retries=False)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        bearer: str | None = "",
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any call. The bearer None is nobody."""
        sent = dict(headers or {})
        if bearer is not None:
            sent["Authorization"] = f"Bearer {bearer or self.announcement['token']}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        url = f"{self.endpoint}{path}?{urlencode(query)}" if query else self.endpoint + path
        answer = self._pool.request(method, url, body=body, headers=sent)
        return Answer(answer.status, answer.headers, answer.data)

    def done(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """A call that must succeed; its JSON."""
        answer = self.ask(method, path, body, **more)
        assert answer.status < 300, (answer.status, answer.body)
        return answer.json if answer.body else None

    def name(self, start: str) -> str:
        return f"{start}-{next(_NUMBERS)}-{secrets.token_hex(3)}"

    def bucket(self, **settings: Any) -> str:
        """A new bucket with uniform access."""
        iam = {"uniformBucketLevelAccess": {"enabled": True}}
        body = {"name": self.name("acme"), "location": "europe-west3", "iamConfiguration": iam, **settings}
        name: str = self.done("POST", "/storage/v1/b", body, query={"project": self.project})["name"]
        return name

    def account(self) -> str:
        """The email of a new service account."""
        body = {"accountId": self.name("sa")}
        email: str = self.done("POST", f"/v1/projects/{self.project}/serviceAccounts", body)["email"]
        return email

    def account_path(self, email: str) -> str:
        return f"/v1/projects/{self.project}/serviceAccounts/{email}"

    def key(self, email: str) -> Who:
        """A new key of an account."""
        made = self.done("POST", f"{self.account_path(email)}/keys", {})
        return Who(email, json.loads(base64.b64decode(made["privateKeyData"])))

    def role(self, *permissions: str) -> str:
        """A new custom role."""
        role_id = self.name("role").replace("-", "_")
        body = {"roleId": role_id, "role": {"title": "a role", "includedPermissions": list(permissions)}}
        name: str = self.done("POST", f"/v1/projects/{self.project}/roles", body)["name"]
        return name

    def bind(self, bucket: str, role: str, member: str, expression: str = "") -> Answer:
        """Add a binding to the bucket's policy."""
        path = f"/storage/v1/b/{bucket}/iam"
        policy = self.done("GET", path, query={"optionsRequestedPolicyVersion": 3})
        binding: dict[str, Any] = {"role": role, "members": [member]}
        if expression:
            binding["condition"] = {"title": "a condition", "expression": expression}
        return self.ask("PUT", path, {**policy, "version": 3, "bindings": [*policy["bindings"], binding]})

    def anybody(self) -> Who:
        """One of four accounts in turn, whatever it may already do: making a key takes a tenth of a second."""
        if len(self._known) < 4:
            self._known.append(self.key(self.account()))
        self._known.append(self._known.pop(0))
        return self._known[-1]

    def outsider(self, bucket: str) -> Who:
        """One of the four, without any binding on the bucket."""
        who, path = self.anybody(), f"/storage/v1/b/{bucket}/iam"
        policy = self.done("GET", path, query={"optionsRequestedPolicyVersion": 3})
        kept = [binding for binding in policy["bindings"] if who.member not in binding["members"]]
        if len(kept) < len(policy["bindings"]):
            self.done("PUT", path, {**policy, "version": 3, "bindings": kept})
        return who

    def granted(self, bucket: str, *permissions: str, expression: str = "", fresh: bool = False) -> Who:
        """An account with a key and just these permissions on the bucket; a fresh one stays as it is."""
        who = self.key(self.account()) if fresh else self.outsider(bucket)
        answer = self.bind(bucket, self.role(*permissions), who.member, expression)
        assert answer.status == 200, answer.body
        return who

    def put(self, bucket: str, name: str, data: bytes = b"data", **more: Any) -> Answer:
        """A simple upload."""
        query = {"uploadType": "media", "name": name, **more.pop("query", {})}
        return self.ask("POST", f"/upload/storage/v1/b/{bucket}/o", data, query=query, **more)

    def object(self, bucket: str, name: str) -> str:
        return f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}"

    def store(self, bucket: str, who: Who) -> GCSStore:
        """obstore with the key alone: it signs its own tokens."""
        config: Any = {"service_account_key": json.dumps(who.file), "base_url": self.endpoint}
        retry: Any = {"max_retries": 0}
        return GCSStore(bucket, config=config, client_options={"allow_http": True}, retry_config=retry)


def names(store: GCSStore, prefix: str | None = None) -> list[str]:
    """What a listing shows."""
    return [entry["path"] for page in obstore.list(store, prefix) for entry in page]


def below(bucket: str, directory: str) -> str:
    """A condition: objects below a directory, and listings of it."""
    return (
        f'resource.name.startsWith("projects/_/buckets/{bucket}/objects/{directory}") || '
        f'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("{directory}")'
    )
