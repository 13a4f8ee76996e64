"""SAS tokens of Azure.

A token for a directory (`sr=d`) must not reach beside it. One for a container (`sr=c`) covers all of it: that is
expected, and known from the proof, so nobody looks there.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, quote

from lightly_api.bounded import bounded
from lightly_core.secret import Secret

from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure import sas_token
from lightly_access.kinds.azure.storage_api.endpoint import blob_endpoint
from lightly_access.kinds.obstore_client import ObstoreClient, options
from lightly_access.kinds.probe import SECONDS, Client
from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.kinds.verified import VerifiedAccess


class AzureRefusalError(Exception):
    """What Azure answered to a request that obstore does not send; the text has the form of obstore's."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"status code: {status} {body}")


@dataclass(frozen=True, slots=True)
class SasTarget:
    """A SAS token, and the path that it is for."""

    account: str
    container: str
    directory: str
    token: Secret
    endpoint: str
    """The account's blob endpoint."""
    accepted: bool = True
    """Whether a token for the container may be one; where directories can be bound, an external one may not."""

    @property
    def place(self) -> str:
        """The container, as messages name it."""
        return f"{azure_names.SCHEME}{self.account}/{self.container}/"

    @property
    def whole_store(self) -> bool:
        """Whether it is a token for the container, and may be."""
        return self.accepted and ("sr", "c") in parse_qsl(self.token.reveal())

    def client(self) -> Client:
        """A client that has this token and no other credential of the environment; each request is sent once."""
        from obstore.store import AzureStore

        def credential() -> dict[str, Any]:
            return {"sas_token": parse_qsl(self.token.reveal(), keep_blank_values=True), "expires_at": None}

        store = AzureStore(
            self.container,
            account_name=self.account,
            endpoint=self.endpoint.rstrip("/"),
            credential_provider=cast(Any, credential),
            skip_signature=False,
            use_emulator=False,
            use_fabric_endpoint=False,
            **options(self.endpoint),
        )
        return _SasClient(store, target=self)


@dataclass(frozen=True, slots=True)
class _SasClient(ObstoreClient):
    """obstore, except for deleting: it sends a batch for the container, which a token for a directory cannot sign."""

    target: SasTarget = field(kw_only=True)

    async def delete(self, key: str) -> object:
        """One blob; Azure asks for the right before it looks whether there is one."""
        return await asyncio.to_thread(_delete, self.target, key)


def _delete(target: SasTarget, key: str) -> str:
    import urllib3

    url = f"{target.endpoint.rstrip('/')}/{target.container}/{quote(key)}?{target.token.reveal()}"
    limit = urllib3.Timeout(connect=SECONDS / 2, read=SECONDS)
    try:
        with bounded(urllib3.PoolManager(retries=False, timeout=limit)) as pool:
            said = pool.request("DELETE", url)
    except urllib3.exceptions.TimeoutError:
        raise TimeoutError from None
    except urllib3.exceptions.HTTPError:
        raise OSError("the service could not be reached") from None  # its own text has the URL, and so the token
    body = said.data.decode("utf-8", "replace")
    if said.status >= 300 and "<Code>BlobNotFound</Code>" not in body:
        raise AzureRefusalError(said.status, body)
    return key


def _target(access: VerifiedAccess, entry: Mapping[str, Any]) -> SasTarget:
    account, container, directory = access.path.removeprefix(azure_names.SCHEME).split("/", 2)
    token = Secret(str(entry["sasToken"]).removeprefix("?"))
    return SasTarget(account, container, directory, token, entry["endpoint"], entry.get("wholeBucket") is not False)


AZURE = ProbeCredential(
    rules={"sasToken": sas_token.fault, "endpoint": blob_endpoint},
    needed=("sasToken", "endpoint"),
    flags=("wholeBucket",),
    target=_target,
)
