"""Clients of the local Azure, made once for each configuration and shared between threads.

One layer of retries: what is throttled or unavailable is asked again by urllib3 (Resource Manager) and by the SDK
(data); a refusal is not.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import urllib3

from lightly_sandbox.kinds.azure.mock_provider.errors import ArmError
from lightly_sandbox.kinds.azure.mock_provider.ids import Id
from lightly_sandbox.mock_providers.resource import RefusedError

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

STORAGE_VERSION = "2024-01-01"
RESOURCES_VERSION = "2024-03-01"
"""The API versions that the SDK's classes say they use."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose requests these are, and where they go. `location` is where resources live that name none."""

    endpoint: str
    data_endpoint: str
    ca_file: str
    subscription: str
    tenant: str
    location: str
    token: str = field(repr=False)
    identity: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def of_identity(self, client: str) -> str:
        """The token of a managed identity, as azure-identity asks for it. Raises RefusedError when there is none.

        Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity (REST endpoint reference).
        """
        answered = urllib3.request(
            "GET",
            self.identity["IDENTITY_ENDPOINT"],
            fields={"resource": "https://management.azure.com/", "api-version": "2019-08-01", "client_id": client},
            headers={"X-IDENTITY-HEADER": self.identity["IDENTITY_HEADER"]},
        )
        if answered.status != 200:
            raise RefusedError(f"no managed identity has the client id {client}\nhint: look at azure-native:clientId")
        return str(answered.json()["access_token"])


class AzureSession:
    """One configuration of the mock provider; it is also what a request works with."""

    def __init__(self, place: Place) -> None:
        self.place = place
        again = urllib3.Retry(
            4, redirect=0, status_forcelist=(429, 503), allowed_methods=None, backoff_factor=0.2, raise_on_status=False
        )
        self._http = urllib3.PoolManager(maxsize=64, retries=again)
        self._clients: dict[tuple[str, str, str], ContainerClient] = {}
        self._lock = threading.Lock()

    @property
    def region(self) -> str:
        """The provider's location; empty when it has none."""
        return self.place.location

    def work(self, _cancelled: threading.Event, _timeout: float, _region: str | None) -> "AzureSession":
        """Everything at the local Azure is done when the answer comes: there is nothing to wait for or to cancel."""
        return self

    def id(self, group: str, account: str = "", container: str = "", blob: str = "", *, service: bool = False) -> str:
        """The id of what is named."""
        return Id(group, account, container, blob, service).path(self.place.subscription)

    def arm(self, method: str, id: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A call to Resource Manager: the answer's body. Raises ArmError."""
        version = STORAGE_VERSION if "/Microsoft.Storage/" in id else RESOURCES_VERSION
        answered = self._http.request(
            method,
            f"{self.place.endpoint}{id}?api-version={version}",
            headers={"Authorization": f"Bearer {self.place.token}", "Content-Type": "application/json"},
            body=None if body is None else json.dumps(body),
        )
        value: dict[str, Any] = json.loads(answered.data) if answered.data else {}
        if answered.status >= 400:
            error = value.get("error", {})
            raise ArmError(answered.status, str(error.get("code", answered.status)), str(error.get("message", "")))
        return value

    def container(self, group: str, account: str, container: str) -> "ContainerClient":
        """A client of a container's data, with the account's key, as the provider has it."""
        with self._lock:
            known = self._clients.get((group, account, container))
        if known:
            return known
        from azure.storage.blob import ContainerClient  # heavy, and only placeholders need it

        key = self.arm("POST", f"{self.id(group, account)}/listKeys")["keys"][0]["value"]
        client = ContainerClient(
            f"{self.place.data_endpoint}/{account}",
            container,
            credential={"account_name": account, "account_key": key},
            connection_verify=self.place.ca_file,
            retry_total=3,
        )
        with self._lock:
            return self._clients.setdefault((group, account, container), client)

    def begin(self) -> None:
        """Another run: the real provider is a new process then, which knows no key of yesterday."""
        with self._lock:
            self._clients.clear()

    def forget(self, group: str, account: str) -> None:
        """An account is gone, and its keys with it."""
        with self._lock:
            for key in [client for client in self._clients if client[:2] == (group, account)]:
                del self._clients[key]
