"""What the scenarios are written in: accounts, containers, tokens, and two kinds of client that try to use them."""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import obstore
import urllib3
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import (
    AccessPolicy,
    BlobServiceClient,
    ContainerClient,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)
from lightly_sandbox.process import ServerProcess
from obstore.store import AzureStore

ALLOWED = "allowed"
CONTAINER = "lake"
BLOBS = ("cows/a.jpg", "cows-old/a.jpg", "pigs/a.jpg")
HOUR = timedelta(hours=1)


def now() -> datetime:
    """The time in UTC, whole seconds as tokens have them."""
    return datetime.now(UTC).replace(microsecond=0)


def attempt(call: Callable[[], Any]) -> str:
    """`allowed`, or the code of the refusal."""
    try:
        call()
    except HttpResponseError as error:
        code = getattr(error, "error_code", None)
        return str(getattr(code, "value", code) or error)
    except obstore.exceptions.BaseError as error:
        match = re.search(r"<Code>(\w+)</Code>|error code: (\w+)", str(error))
        return (match[1] or match[2]) if match else str(error)
    return ALLOWED


@dataclass
class Azure:
    """The running server."""

    server: ServerProcess

    @property
    def announcement(self) -> dict[str, Any]:
        return dict(self.server.announcement)

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self.announcement['tls_port']}"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answered = urllib3.request(
            method,
            f"{self.server.url}/_sandbox{path}",
            headers={"X-Sandbox-Nonce": self.server.nonce},
            body=json.dumps(body),
        )
        assert answered.status == 200, answered.data
        return answered.json()

    def arm(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        """Status and body of a call to Resource Manager, below the subscription."""
        headers = {"Authorization": f"Bearer {token or self.announcement['token']}"}
        url = f"{self.server.url}/subscriptions/{self.announcement['subscription']}/{path}?api-version=2024-01-01"
        body = None if body is None else json.dumps(body)
        answered = urllib3.request(method, url, headers=headers, body=body)
        return answered.status, answered.json() if answered.data else None

    def made(self, method: str, path: str, body: Any = None) -> Any:
        """The body of a call that must work."""
        status, value = self.arm(method, path, body)
        assert status in (200, 201), value
        return value

    def storage_account(self, **properties: Any) -> "StorageAccount":
        """A new account in a group of its own, with the container and its blobs."""
        account = StorageAccount(self, f"acme{secrets.token_hex(6)}")
        self.made("PUT", f"resourceGroups/{account.name}", {"location": "westeurope"})
        body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        self.made("PUT", account.path, {**body, "properties": properties})
        account.keys = [key["value"] for key in self.made("POST", f"{account.path}/listKeys")["keys"]]
        self.made("PUT", f"{account.path}/blobServices/default/containers/{CONTAINER}", {"properties": {}})
        for name in BLOBS:
            account.owner().upload_blob(name, b"data")
        return account


@dataclass
class StorageAccount:
    """An account, its owner and others who bring a token."""

    azure: Azure
    name: str
    keys: list[str] = field(default_factory=list, repr=False)

    @property
    def path(self) -> str:
        """Below the subscription."""
        return f"resourceGroups/{self.name}/providers/Microsoft.Storage/storageAccounts/{self.name}"

    @property
    def url(self) -> str:
        return f"{self.azure.endpoint}/{self.name}"

    def service(self, credential: Any = None, url: str = "") -> BlobServiceClient:
        ca_file = self.azure.announcement["ca_file"]
        return BlobServiceClient(url or self.url, credential=credential, connection_verify=ca_file, retry_total=0)

    def owner(self, container: str = CONTAINER, key: int = 0) -> ContainerClient:
        """With an account key."""
        credential = {"account_name": self.name, "account_key": self.keys[key]}
        return self.service(credential).get_container_client(container)

    def guest(self, token: str | None, container: str = CONTAINER, url: str = "") -> ContainerClient:
        """With a token, or without anything."""
        return self.service(token, url).get_container_client(container)

    def store(self, token: str, container: str = CONTAINER) -> AzureStore:
        """The same with obstore."""
        return AzureStore(
            container,
            account_name=self.name,
            endpoint=self.url,
            sas_key=token,
            retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
        )

    def token(self, permission: str | None = "rl", container: str = CONTAINER, **more: Any) -> str:
        """A service SAS for a container, good from an hour ago for two hours."""
        if "policy_id" not in more:
            more = {"start": now() - HOUR, "expiry": now() + HOUR, "permission": permission, **more}
        if "user_delegation_key" not in more:
            more["account_key"] = more.get("account_key", self.keys[0])
        return generate_container_sas(self.name, container, **more)

    def directory_token(self, directory: str = "cows", permission: str = "rl", **more: Any) -> str:
        """A SAS for a directory."""
        if "user_delegation_key" not in more:
            more["account_key"] = self.keys[0]
        times = {"start": now() - HOUR, "expiry": now() + HOUR}
        return generate_blob_sas(
            self.name, CONTAINER, directory, is_directory=True, permission=permission, **{**times, **more}
        )

    def account_token(self, permission: str, **more: Any) -> str:
        return generate_account_sas(self.name, self.keys[0], "sco", permission, now() + HOUR, **more)

    def policies(self, container: str = CONTAINER, **policies: AccessPolicy) -> None:
        """Exactly these stored access policies."""
        self.owner(container).set_container_access_policy(policies)

    def policy(self, permission: str = "rl", start: timedelta = -HOUR, expiry: timedelta = HOUR) -> AccessPolicy:
        return AccessPolicy(permission=permission, start=now() + start, expiry=now() + expiry)


def listing(guest: ContainerClient, prefix: str | None = None) -> Callable[[], list[str]]:
    return lambda: [str(name) for name in guest.list_blob_names(name_starts_with=prefix)]


def reading(guest: ContainerClient, blob: str = "cows/a.jpg") -> Callable[[], bytes]:
    return lambda: bytes(guest.download_blob(blob).readall())


def writing(guest: ContainerClient, blob: str, *, overwrite: bool = True) -> Callable[[], object]:
    return lambda: guest.upload_blob(blob, b"new", overwrite=overwrite)


def deleting(guest: ContainerClient, blob: str) -> Callable[[], object]:
    return lambda: guest.delete_blob(blob)
