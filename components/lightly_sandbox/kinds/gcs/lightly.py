"""Lightly's access to a Google bucket: the registered key of a service account, and nothing else.

`gcsCredentials` is the text of the key file (lightly 1.5.26, `datasource_config_gcs.py`). What is asked is asked by the
JSON API, whose answers name the service account and the permission that is missing.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import urllib3

from lightly_sandbox.kinds.gcs.client import Google, RefusedError, signed_token
from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.findings import FindingError, Findings
from lightly_sandbox.lightly.models import Gcs
from lightly_sandbox.lightly.paths import Directory, directory
from lightly_sandbox.lightly.probe import ENOUGH, look


@dataclass(frozen=True, slots=True)
class GcsStorage(Storage):
    """Where Cloud Storage is."""

    endpoint: str
    types = (Gcs,)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self | None:
        """From the table `gcs`."""
        return cls(**settings["gcs"]) if "gcs" in settings else None

    @classmethod
    def check(cls, source: Gcs) -> None:
        """A bucket, and the text of a key file."""
        directory(source.full_path, "gs")
        try:
            good = isinstance(json.loads(source.gcs_credentials), dict)
        except ValueError:
            good = False
        if not good:
            message = "gcsCredentials is not the JSON text of a key file"
            raise ApiError(400, Code.DATASET_DATASOURCE_INVALID, message)

    def look(self, source: Gcs, *, writing: bool) -> Findings:
        file = json.loads(source.gcs_credentials)
        place = _Place(directory(source.full_path, "gs"), str(file.get("client_email", "an unnamed service account")))
        return look(place, lambda: _entered(file, place, self), words, writing=writing)


@dataclass(frozen=True, slots=True)
class _Place:
    directory: Directory
    email: str

    @property
    def prefix(self) -> str:
        return self.directory.prefix

    def named(self, key: str) -> str:
        return f"gs://{self.directory.bucket}/{key} as {self.email}"


def words(error: Exception) -> str | None:
    """What Google said, or that it could not be reached."""
    if isinstance(error, urllib3.exceptions.HTTPError):
        return f"Unreachable: {type(error).__name__}"
    return str(error) if isinstance(error, RefusedError) else None


@contextlib.contextmanager
def _entered(file: Mapping[str, Any], place: _Place, cloud: GcsStorage) -> Iterator["_Door"]:
    try:
        token = signed_token(file)
    except ValueError:  # its text could quote the key
        raise FindingError("InvalidCredentials: gcsCredentials is not the key file of a service account") from None
    with Google(cloud.endpoint, token) as google:
        yield _Door(google, place.directory.bucket)


@dataclass(frozen=True, slots=True)
class _Door:
    google: Google
    bucket: str

    def list(self, prefix: str) -> list[str]:
        return [item["name"] for item in self.google.listed(self.bucket, prefix, ENOUGH)]

    def read(self, key: str) -> None:
        self.google.read(self.bucket, key)

    def write(self, key: str, content: bytes) -> None:
        self.google.write(self.bucket, key, content)

    def delete(self, key: str) -> None:
        self.google.delete(self.bucket, key)

    def absent(self, error: Exception) -> bool:
        return isinstance(error, RefusedError) and error.status == 404
