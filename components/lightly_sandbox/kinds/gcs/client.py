"""Google Cloud's JSON APIs, asked with a bearer token; each request is sent once.

A service account's key signs its own token, as Google's clients do (https://google.aip.dev/auth/4111), so no address of
a key file is ever called.
"""

import contextlib
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

STORAGE, IAM = "https://storage.googleapis.com/", "https://iam.googleapis.com/"
"""Audiences of self-signed tokens."""
_TIMEOUT = urllib3.Timeout(connect=5, read=20)


class RefusedError(Exception):
    """Google's answer to a request: the status, its reason and its sentence.

    https://cloud.google.com/storage/docs/json_api/v1/status-codes
    """

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.reason, said = status, "", ""
        with contextlib.suppress(ValueError, LookupError, TypeError):
            error = json.loads(body)["error"]
            said = error["message"]
            self.reason = error["errors"][0]["reason"] if "errors" in error else error["status"]
        super().__init__(f"{status} {self.reason}: {said}" if said else f"{status}")


def signed_token(file: Mapping[str, Any], audience: str = STORAGE) -> str:
    """A token signed with the key of a key file. Raises ValueError for a file that is none."""
    from google.auth import jwt  # late: not every rehearsal has Google Cloud

    who, signer = file.get("client_email"), _signer(file.get("private_key", ""), file.get("private_key_id"))
    if not who:
        raise ValueError("a key file names its account")
    made: Any = jwt.Credentials  # google-auth has no types
    signed = made(signer, who, who, audience)
    signed.refresh(None)
    return signed.token.decode() if isinstance(signed.token, bytes) else str(signed.token)


@functools.lru_cache(maxsize=64)
def _signer(private_key: str, key_id: str | None) -> Any:
    """Reading a key proves that its numbers are primes, which takes a tenth of a second."""
    from google.auth.crypt import RSASigner

    return RSASigner.from_string(private_key, key_id)  # type: ignore[no-untyped-call]  # google-auth has no types


@dataclass(frozen=True, slots=True)
class Google:
    """A bearer of a token. Close it after use: it is a context manager."""

    endpoint: str
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=_TIMEOUT))

    def __enter__(self) -> "Google":
        return self

    def __exit__(self, *exc: object) -> None:
        self.pool.clear()

    def ask(self, method: str, path: str, body: bytes | Mapping[str, Any] | None = None, **query: object) -> Any:
        """One request: bytes travel as they are, a mapping as JSON; JSON comes back as values. Raises RefusedError."""
        headers, sent = {"Authorization": f"Bearer {self.token}"}, body
        if body is not None:
            headers["Content-Type"] = "application/octet-stream" if isinstance(body, bytes) else "application/json"
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.endpoint}{path}{'?' if query else ''}{urlencode(query)}"
        answer = self.pool.request(method, url, body=sent, headers=headers, redirect=False)
        if answer.status >= 300:
            raise RefusedError(answer.status, answer.data)
        return answer.json() if "json" in answer.headers.get("Content-Type", "") and answer.data else answer.data

    def listed(self, bucket: str, prefix: str = "", most: int = 1000, **query: Any) -> list[dict[str, Any]]:
        """The first objects below a prefix."""
        found = self.ask("GET", f"/storage/v1/b/{quote(bucket)}/o", prefix=prefix, maxResults=most, **query)
        items: list[dict[str, Any]] = found.get("items", [])
        return items

    def read(self, bucket: str, key: str) -> object:
        return self.ask("GET", _object(bucket, key), alt="media")

    def write(self, bucket: str, key: str, content: bytes) -> object:
        """An object, new or in place of what was there."""
        return self.ask("POST", f"/upload/storage/v1/b/{quote(bucket)}/o", content, uploadType="media", name=key)

    def delete(self, bucket: str, key: str, **query: Any) -> object:
        return self.ask("DELETE", _object(bucket, key), **query)


def _object(bucket: str, key: str) -> str:
    return f"/storage/v1/b/{quote(bucket)}/o/{quote(key, safe='')}"
