"""Azure as its owner asks it (Resource Manager, and the blob service with the account's key), and as a SAS does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import urllib3

from lightly_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient

_API = "2024-01-01"
_BLOB_API = "2022-11-02"
_REFUSED = (401, 403)
_BY_RULE = ("AccountRequiresHttps", "PublicAccessNotPermitted")
"""Refusals by a rule of the account, with other statuses."""


class RefusedError(Exception):
    """Azure's answer to a request: the status and the code."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}")


def account_path(account: str) -> str:
    """A storage account, below its resource group."""
    return f"/providers/Microsoft.Storage/storageAccounts/{account}"


def ask(sandbox: Sandbox, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = "") -> Any:
    """The JSON of a call to Resource Manager, by the owner or by whose token it is. Raises RefusedError."""
    ready = sandbox.services["azure"].announcement
    headers = {"Authorization": f"Bearer {token or ready['token']}"}
    answer = urllib3.request(
        method, f"{ready['url']}{path}?api-version={_API}", json=body, headers=headers, retries=False
    )
    if answer.status >= 300:
        raise RefusedError(answer.status, answer.json()["error"]["code"])
    return answer.json() if answer.data else None


class Group:
    """A resource group, as its owner has it; without a subscription that of the deployer's own login."""

    def __init__(self, sandbox: Sandbox, name: str, subscription: str | None = None) -> None:
        self._sandbox, self._ready = sandbox, sandbox.services["azure"].announcement
        self._id = f"/subscriptions/{subscription or self._ready['subscription']}/resourceGroups/{name}"

    def ask(self, method: str, path: str = "", body: Mapping[str, Any] | None = None) -> Any:
        """One call to Resource Manager: the JSON of the answer. Raises RefusedError."""
        return ask(self._sandbox, method, f"{self._id}{path}", body)

    def there(self, account: str = "") -> bool:
        """Whether there is the account, or the group itself."""
        try:
            self.ask("GET", account_path(account) if account else "")
        except RefusedError as refused:
            if refused.status == 404:
                return False
            raise
        return True

    def key(self, account: str) -> str:
        """The first key of an account. Raises RefusedError when there is no such account."""
        return str(self.ask("POST", f"{account_path(account)}/listKeys")["keys"][0]["value"])

    def blobs(self, account: str) -> "BlobServiceClient":
        """The blob service of an account, with its key. Raises RefusedError when there is no such account."""
        from azure.storage.blob import BlobServiceClient  # late: not every rehearsal has Azure

        return BlobServiceClient(
            f"https://127.0.0.1:{self._ready['tls_port']}/{account}",
            credential={"account_name": account, "account_key": self.key(account)},
            connection_verify=self._ready["ca_file"],
            use_env_settings=False,
            retry_total=0,
        )


class Bearer:
    """Whoever holds a SAS token: a few requests with it, each sent once."""

    def __init__(self, sandbox: Sandbox, account: str, token: Mapping[str, str]) -> None:
        self._sandbox, self._account, self._token = sandbox, account, token
        self._ready = sandbox.services["azure"].announcement

    @property
    def bound(self) -> bool:
        """Whether the token is for a directory, and not for the whole container."""
        return self._token.get("sr") == "d"

    @property
    def by_policy(self) -> bool:
        """Whether the token lives by a stored access policy."""
        return "si" in self._token

    def with_token(self, **changed: str | None) -> "Bearer":
        """The same with fields of the token changed, or left out."""
        token = {name: value for name, value in {**self._token, **changed}.items() if value is not None}
        return Bearer(self._sandbox, self._account, token)

    def ask(
        self, method: str, path: str = "", body: bytes | None = None, *, tls: bool = True, **query: str
    ) -> urllib3.BaseHTTPResponse:
        """One request to the account. Raises RefusedError for an answer that is no success."""
        scheme, port = ("https", self._ready["tls_port"]) if tls else ("http", self._ready["port"])
        url = f"{scheme}://127.0.0.1:{port}/{self._account}/{quote(path)}?{urlencode({**query, **self._token})}"
        headers = {"x-ms-version": _BLOB_API}
        if body is not None:
            headers["x-ms-blob-type"] = "BlockBlob"
        with urllib3.PoolManager(retries=False, ca_certs=self._ready["ca_file"]) as pool:
            answer = pool.request(method, url, body=body, headers=headers)
        if answer.status >= 300:
            raise RefusedError(answer.status, answer.headers.get("x-ms-error-code", "no code"))
        return answer

    def list(self, container: str, prefix: str = "") -> object:
        return self.ask("GET", container, restype="container", comp="list", prefix=prefix)

    def read(self, blob: str) -> object:
        """A blob; its container comes first."""
        return self.ask("GET", blob)

    def write(self, blob: str) -> object:
        return self.ask("PUT", blob, b"x")

    def delete(self, blob: str) -> object:
        return self.ask("DELETE", blob)


def refusal(error: Exception) -> str | None:
    """The code of an answer that means "you may not", or None when the call failed for another reason."""
    if not isinstance(error, RefusedError):
        return None
    return error.code if error.status in _REFUSED or error.code in _BY_RULE else None
