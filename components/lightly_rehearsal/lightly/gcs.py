"""Lightly's way into a Google bucket: the registered key of a service account, and nothing else.

`gcsCredentials` is the text of the key file (lightly 1.5.26, `datasource_config_gcs.py`). The bearer token is signed
with the key itself, as Google's clients do (https://google.aip.dev/auth/4111), so no address of the key file is ever
called. What is asked is asked by the JSON API, whose answers name the service account and the permission that is
missing (https://cloud.google.com/storage/docs/json_api/v1/status-codes). Each request is sent once.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from lightly_rehearsal.lightly.findings import Findings, No
from lightly_rehearsal.lightly.models import Gcs
from lightly_rehearsal.lightly.paths import Directory, directory
from lightly_rehearsal.lightly.probe import ENOUGH, look

AUDIENCE = "https://storage.googleapis.com/"
_TIMEOUT = urllib3.Timeout(connect=5, read=20)


@dataclass(frozen=True, slots=True)
class GoogleCloud:
    """Where Cloud Storage is."""

    endpoint: str

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> "GoogleCloud":
        """From the `gcs` table of the settings line."""
        return cls(settings["endpoint"])


class Refused(Exception):
    """Google's answer to a request: the status, its reason and its sentence."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.reason, said = "", ""
        with contextlib.suppress(ValueError, LookupError, TypeError):
            error = json.loads(body)["error"]
            self.reason, said = error["errors"][0]["reason"], error["message"]
        super().__init__(f"{status} {self.reason}: {said}" if said else f"{status}")


@dataclass(frozen=True, slots=True)
class _Place:
    directory: Directory
    email: str

    @property
    def prefix(self) -> str:
        return self.directory.prefix

    def named(self, key: str) -> str:
        return f"gs://{self.directory.bucket}/{key} as {self.email}"


def look_gcs(source: Gcs, cloud: GoogleCloud, *, writing: bool) -> Findings:
    """Ask list and read, and with `writing` also write and overwrite."""
    file = json.loads(source.gcs_credentials)
    place = _Place(directory(source.full_path, "gs"), str(file.get("client_email", "an unnamed service account")))
    return look(place, lambda: _entered(file, place, cloud), words, writing=writing)


def words(error: Exception) -> str | None:
    """What Google said, or that it could not be reached."""
    if isinstance(error, urllib3.exceptions.HTTPError):
        return f"Unreachable: {type(error).__name__}"
    return str(error) if isinstance(error, Refused) else None


@contextlib.contextmanager
def _entered(file: Mapping[str, Any], place: _Place, cloud: GoogleCloud) -> Iterator["_Door"]:
    from google.auth import jwt

    try:
        made = jwt.Credentials.from_service_account_info
        signed = made(file, audience=AUDIENCE)  # type: ignore[no-untyped-call]  # google-auth has no types there
        signed.refresh(None)
    except ValueError:  # its text could quote the key
        raise No("InvalidCredentials: gcsCredentials is not the key file of a service account") from None
    token = signed.token.decode() if isinstance(signed.token, bytes) else str(signed.token)
    with urllib3.PoolManager(retries=False, timeout=_TIMEOUT) as pool:
        yield _Door(pool, cloud.endpoint, place.directory.bucket, token)


@dataclass(frozen=True, slots=True)
class _Door:
    pool: urllib3.PoolManager
    endpoint: str
    bucket: str
    token: str = field(repr=False)

    def list(self, prefix: str) -> list[str]:
        query = urlencode({"prefix": prefix, "maxResults": ENOUGH, "fields": "items(name)"})
        found = json.loads(self._ask("GET", f"/storage/v1/b/{quote(self.bucket)}/o?{query}"))
        return [item["name"] for item in found.get("items", ())]

    def read(self, key: str) -> None:
        self._ask("GET", f"{self._object(key)}?alt=media")

    def write(self, key: str, content: bytes) -> None:
        query = urlencode({"uploadType": "media", "name": key})
        self._ask("POST", f"/upload/storage/v1/b/{quote(self.bucket)}/o?{query}", content)

    def delete(self, key: str) -> None:
        self._ask("DELETE", self._object(key))

    def absent(self, error: Exception) -> bool:
        return isinstance(error, Refused) and error.status == 404

    def _object(self, key: str) -> str:
        return f"/storage/v1/b/{quote(self.bucket)}/o/{quote(key, safe='')}"

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/octet-stream"
        answer = self.pool.request(method, self.endpoint + path, body=body, headers=headers, redirect=False)
        if answer.status >= 300:
            raise Refused(answer.status, answer.data)
        return answer.data
