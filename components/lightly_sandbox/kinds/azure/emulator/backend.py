"""Calls to Azurite: a client's request passed on as it came, or one of our own, signed with the account's key."""

import base64
import hashlib
import hmac
import http.client
import threading
import time
from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import quote, urlencode

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator.accounts import Account

VERSION = "2025-11-05"
"""The version of the blob service's REST API that our own calls speak: one that Azurite 3.35.0 knows."""

_REST_SECONDS = 2.0  # Node closes a connection that rested for five
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}
# The order of https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
_SIGNED_HEADERS = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)


class Backend:
    """Azurite's port; every thread keeps a connection of its own, which ends with it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mine = threading.local()

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", tls: str = "") -> Answer:
        """One request as it is; `tls` says by what the client came, for Azurite's decision on `spr`."""
        sent = {name: value for name, value in headers.items() if name.lower() not in (*_HOP_BY_HOP, "content-length")}
        sent["x-gateway-protocol"] = "https" if tls else "http"
        if body or method in ("PUT", "POST"):
            sent["Content-Length"] = str(len(body))
        connection = self._connection()
        try:
            connection.request(method, target, body, sent)
            answered = connection.getresponse()
            left_out = (*_HOP_BY_HOP, "date")
            kept = {name: value for name, value in answered.getheaders() if name.lower() not in left_out}
            return Answer(answered.status, kept, answered.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        finally:
            self._mine.used = time.monotonic()

    def call(
        self,
        account: Account,
        method: str,
        path: str = "",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """A call of our own as the owner of an account; `path` is below the account, decoded."""
        sent = {
            "host": f"127.0.0.1:{self._port}",
            "x-ms-date": formatdate(usegmt=True),
            "x-ms-version": VERSION,
            **(headers or {}),
        }
        raw_path = quote(f"/{account.name}/{path}")
        sent["authorization"] = shared_key(account, method, raw_path, query or {}, sent, len(body))
        target = raw_path + ("?" + urlencode(query, quote_via=quote) if query else "")
        return self.send(method, target, sent, body, tls="ours")

    def _connection(self) -> http.client.HTTPConnection:
        """This thread's connection; one that rested is opened anew before Node may close it under our hands."""
        if not hasattr(self._mine, "connection"):
            self._mine.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._mine.used = time.monotonic()
        connection: http.client.HTTPConnection = self._mine.connection
        if time.monotonic() - self._mine.used > _REST_SECONDS:
            connection.close()
        return connection


def shared_key(
    account: Account, method: str, raw_path: str, query: Mapping[str, str], headers: Mapping[str, str], length: int
) -> str:
    """The Authorization header of a request.

    Source: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key.
    """
    given = {**headers, "content-length": str(length or "")}
    ours = sorted(name for name in headers if name.startswith("x-ms-"))
    text = "\n".join(
        (
            method,
            *(given.get(name, "") for name in _SIGNED_HEADERS),
            *(f"{name}:{headers[name]}" for name in ours),
            f"/{account.name}{raw_path}",
            *(f"{name.lower()}:{query[name]}" for name in sorted(query)),
        )
    )
    return f"SharedKey {account.name}:{signature(account.keys[0], text)}"


def signature(key: str, text: str) -> str:
    """HMAC-SHA256 of a text with a key in base64, in base64."""
    return base64.b64encode(hmac.digest(base64.b64decode(key), text.encode(), hashlib.sha256)).decode()
