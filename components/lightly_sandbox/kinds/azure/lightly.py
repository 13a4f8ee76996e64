"""Lightly's access to a container: the registered SAS token, and nothing else.

The token comes in `accountKey`, with or without its leading `?`, and `fullPath` is `container/directory/` without a
scheme (lightly 1.5.26, `datasource_config_azure.py` and `api_workflow_datasources.py`). The client is Azure's own; each
request is sent once, over HTTPS, and nothing of the environment of whoever runs this is looked at.

Azure's answers name neither the identity nor the place, only a code, a sentence and a request id. Whether the real
Lightly adds a place to them is not known: here it is `account/container/key`.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.findings import Findings
from lightly_sandbox.lightly.models import Azure
from lightly_sandbox.lightly.paths import invalid_path
from lightly_sandbox.lightly.probe import ENOUGH, look

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient


@dataclass(frozen=True, slots=True)
class AzureStorage(Storage):
    """Where Azure is: the endpoint of all accounts, and the CA by which its certificate is known."""

    endpoint: str
    ca_file: str
    types = (Azure,)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self | None:
        """From the table `azure`."""
        return cls(**settings["azure"]) if "azure" in settings else None

    @classmethod
    def check(cls, source: Azure) -> None:
        """`container/path/` without a scheme: lightly 1.5.26, `datasource_config_azure.py`."""
        path = source.full_path
        if "://" in path or not path.strip("/") or path.startswith("/"):
            raise invalid_path(path, "container/path/ without a scheme")

    def look(self, source: Azure, *, writing: bool) -> Findings:
        container, _, path = source.full_path.partition("/")
        place = _Place(source.account_name, container, path if not path or path.endswith("/") else f"{path}/")
        return look(place, lambda: _entered(source, place, self), words, writing=writing)


@dataclass(frozen=True, slots=True)
class _Place:
    account: str
    container: str
    prefix: str

    def named(self, key: str) -> str:
        return f"{self.account}/{self.container}/{key}"


def words(error: Exception) -> str | None:
    """The code and what else Azure said; not the answer's whole text, which the SDK appends."""
    from azure.core.exceptions import AzureError, HttpResponseError

    if not isinstance(error, AzureError):
        return None
    said = " ".join(str(error).partition("\nContent: ")[0].split())
    code = getattr(error, "error_code", None) if isinstance(error, HttpResponseError) else None
    return f"{getattr(code, 'value', code)}: {said}" if code else f"{type(error).__name__}: {said}"


@contextlib.contextmanager
def _entered(source: Azure, place: _Place, cloud: AzureStorage) -> Iterator["_Door"]:
    # Late: the SDK is slow to import, and not every rehearsal has Azure.
    from azure.core.credentials import AzureSasCredential
    from azure.storage.blob import ContainerClient

    client = ContainerClient(
        f"{cloud.endpoint}/{source.account_name}",
        place.container,
        credential=AzureSasCredential(source.account_key.removeprefix("?")),
        connection_verify=cloud.ca_file,
        connection_timeout=5,
        read_timeout=20,
        retry_total=0,
        use_env_settings=False,
    )
    with client:
        yield _Door(client)


@dataclass(frozen=True, slots=True)
class _Door:
    client: "ContainerClient"

    def list(self, prefix: str) -> list[str]:
        pages = self.client.list_blob_names(name_starts_with=prefix or None, results_per_page=ENOUGH)
        return list(islice(pages, ENOUGH))

    def read(self, key: str) -> None:
        next(iter(self.client.download_blob(key, max_concurrency=1).chunks()), b"")

    def write(self, key: str, content: bytes) -> None:
        self.client.upload_blob(key, content, overwrite=True)

    def delete(self, key: str) -> None:
        self.client.delete_blob(key)

    def absent(self, error: Exception) -> bool:
        return getattr(error, "error_code", None) == "BlobNotFound"
