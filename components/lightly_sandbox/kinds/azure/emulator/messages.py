"""Requests as Azure reads them, and how its planes say no: the blob service in XML, Resource Manager in JSON."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus
from xml.sax.saxutils import escape

from lightly_sandbox.emulators import messages
from lightly_sandbox.emulators.messages import HOSTS, Answer, json_answer

_PLAIN_NAME = re.compile(r"\$?[\w-]+")  # Azurite's parser gives brackets and dots a meaning


@dataclass
class RefusedError(Exception):
    """The answer is an error: its code, its sentence, its status; `more` are extra elements of the blob service's."""

    code: str
    message: str
    status: int = 403
    more: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read strictly, so that gateway and Azurite cannot read it differently.

    `target` is as sent; `query` is decoded; `headers` have names in lower case. `tls` is the version of the
    connection's TLS, such as `TLSv1.3`; empty for plain http.
    """

    method: str
    target: str
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    source_ip: str
    tls: str

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def head(self) -> bool:
        """Whether the answer has no body."""
        return self.method == "HEAD"


def read(raw: messages.Request) -> Request:
    """Raises RefusedError for what has two readings: a parameter or a header given twice."""
    target = raw.target
    if not raw.complete:
        raise RefusedError("RequestBodyTooLarge", "The request body is too large for the local Azure.", 413)
    values: dict[str, str] = {}
    for name, value in raw.headers:
        if name.lower() in values:
            raise RefusedError("InvalidHeaderValue", f"The header {name} is given twice", 400)
        values[name.lower()] = value
    if values.get("host", "").partition(":")[0] not in HOSTS or not target.startswith("/"):
        raise RefusedError("InvalidUri", "The local Azure is addressed by path, at 127.0.0.1 or localhost", 400)
    query: dict[str, str] = {}
    for pair in filter(None, target.partition("?")[2].split("&")):
        name, _, value = pair.partition("=")
        if name in query or not _PLAIN_NAME.fullmatch(name):
            raise RefusedError("InvalidQueryParameterValue", "A parameter is given twice, or has an odd name", 400)
        query[name] = unquote_plus(value)
    return Request(raw.method, target, query, values, raw.body, raw.address, raw.tls)


def not_implemented(what: str) -> RefusedError:
    """The local Azure does not know this: refused by name, never let through."""
    return RefusedError("NotImplemented", f"{what} is not part of the local Azure", 501)


def storage_error(refused: RefusedError, *, head: bool = False) -> Answer:
    """A refusal as the blob service writes it.

    Source: https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2. A HEAD has only headers.
    """
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in refused.more.items())
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{escape(refused.code)}</Code>'
        f"<Message>{escape(refused.message)}</Message>{more}</Error>"
    )
    headers = {
        "Content-Type": "application/xml",
        "x-ms-error-code": refused.code,
        "x-ms-request-id": secrets.token_hex(16),
    }
    return Answer(refused.status, headers, b"" if head else body.encode())


def arm_error(refused: RefusedError) -> Answer:
    """A refusal as Resource Manager writes it."""
    return json_answer(refused.status, {"error": {"code": refused.code, "message": refused.message}})
