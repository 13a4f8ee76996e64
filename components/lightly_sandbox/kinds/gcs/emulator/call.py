"""One request as it came in, decoded once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from lightly_sandbox.emulators.messages import HOSTS, Request
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid


@dataclass(frozen=True, slots=True)
class Call:
    """`path` is as sent, percent-encoded; header names are in lower case; `host` is where the caller thinks it is."""

    method: str
    path: str
    query: Mapping[str, str]
    raw_query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    host: str

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; none is an empty one. Raises RefusedError."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as error:
            raise RefusedError(400, "parseError", "Parse Error") from error
        if not isinstance(value, dict):
            raise RefusedError(400, "parseError", "This API does not support parsing form-encoded input.")
        return value

    def form(self) -> dict[str, str]:
        """The body as a form; of a field that comes twice, the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))

    def number(self, name: str) -> int | None:
        """A whole number of the query. Raises RefusedError for something else."""
        text = self.query.get(name)
        if text is None:
            return None
        if not text.isdecimal():
            raise invalid(f"Invalid value '{text}'. Values must match the following regular expression: '[0-9]+'")
        return int(text)


def read(request: Request) -> Call:
    """Raises RefusedError for a parameter given twice, a foreign host name, or a body whose end is not known."""
    raw = request.target
    if raw.startswith("http://"):
        raw = "/" + raw.split("/", 3)[-1]
    if not request.complete:
        raise RefusedError(411, "required", "POST requests require a <code>Content-length</code> header.")
    path, _, raw_query = raw.partition("?")
    query: dict[str, str] = {}
    for pair in filter(None, raw_query.split("&")):
        name, _, value = pair.partition("=")
        if (key := unquote_plus(name)) in query and key != "permissions":
            raise invalid(f"The parameter {key} is given twice")
        query[key] = unquote_plus(value)
    headers = {name.lower(): value for name, value in request.headers}
    if headers.get("host", "").partition(":")[0] not in HOSTS:
        # A bucket in the host name would be overlooked.
        raise invalid("The local Google Cloud has addresses at 127.0.0.1 or localhost only")
    return Call(request.method, path, query, raw_query, headers, request.body, headers["host"])
