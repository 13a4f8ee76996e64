"""Keys of Google's service accounts.

obstore signs a token with the key itself and sends it as it is, without asking Google's token endpoint; Google takes
such a self-signed JWT (https://google.aip.dev/auth/4111). So the `token_uri` of a key file does not count.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.secret import Secret

from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.obstore_client import ObstoreClient, options
from lightly_access.kinds.probe import Client, Silent, understood
from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.kinds.verified import VerifiedAccess

GOOGLE = "https://storage.googleapis.com"
_ENDPOINT = "STORAGE_EMULATOR_HOST"
"""Where Google's own clients look for another endpoint, a URL or a host with its port
(https://cloud.google.com/go/docs/reference/cloud.google.com/go/storage/latest)."""
_PARTS = ("type", "client_email", "private_key", "private_key_id")
_PLACEHOLDER = 1  # byte: what the Pulumi provider cannot make is an empty object
_IN_THE_WAY = ("GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_PATH")
"""A second key for obstore, which then refuses to choose."""


@dataclass(frozen=True, slots=True)
class GcsTarget:
    """A key file of a service account, and the path that it is for."""

    bucket: str
    directory: str
    credentials: Secret
    """The key file's JSON text."""
    endpoint: str = GOOGLE
    whole_store: bool = False

    @property
    def place(self) -> str:
        """The bucket, as messages name it."""
        return f"{gcs_names.SCHEME}{self.bucket}/"

    def client(self) -> Client:
        """A client that has this key and no other credential of the environment; each request is sent once."""
        for name in _IN_THE_WAY:
            if os.environ.get(name):
                return Silent(f"the environment variable {name} is set, and a second key with it: unset it")
        from obstore.store import GCSStore

        store = GCSStore(
            self.bucket,
            service_account_key=self._key(),
            base_url=self.endpoint,
            skip_signature=False,
            **options(self.endpoint),
        )
        return _GcsClient(store, _PLACEHOLDER)

    def _key(self) -> str:
        """The parts of the file that say who asks; where to ask is not its business."""
        file = json.loads(self.credentials.reveal())
        return json.dumps({part: file[part] for part in _PARTS if part in file})


@dataclass(frozen=True, slots=True)
class _GcsClient(ObstoreClient):
    async def delete(self, key: str) -> object:
        """One object. Of one that is not there Google says so, but only to whom may delete."""
        import obstore

        try:
            await obstore.delete_async(self.store, key)
        except Exception as error:  # obstore's classes do not tell: its text does
            if not understood(str(error)).absent:
                raise
        return key


def endpoint() -> str:
    """Google's, or that of the environment."""
    found = os.environ.get(_ENDPOINT, "").rstrip("/")
    return found if "://" in found else f"http://{found}" if found else GOOGLE


def _target(access: VerifiedAccess, entry: Mapping[str, Any]) -> GcsTarget:
    accepted = entry.get("wholeBucket") is True
    return GcsTarget(access.bucket, access.directory, Secret(entry["credentials"]), endpoint(), accepted)


GCS = ProbeCredential(
    rules={"credentials": gcs_names.credentials}, needed=("credentials",), flags=("wholeBucket",), target=_target
)
