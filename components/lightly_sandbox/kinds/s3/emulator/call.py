"""One request as it came in: read once, strictly, so that gateway and moto cannot read it differently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, unquote_to_bytes

from lightly_sandbox.emulators.messages import HOSTS, Request
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError

SERVICES = {"s3": Protocol.REST_XML, "iam": Protocol.QUERY, "sts": Protocol.QUERY, "kms": Protocol.JSON}


@dataclass(frozen=True, slots=True)
class Call:
    """Method, path and query decoded; header names in lower case; the body as sent (see `payload` for chunks).

    `path` is decoded, `raw_path` as sent. `secure` says whether it came over the listener that stands for TLS.
    """

    method: str
    raw_path: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    header_names: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    source_ip: str
    secure: bool


def read(request: Request, *, secure: bool) -> Call:
    """A call from a request.

    Raises RefusedError for what has two readings: a parameter given twice, text that is not UTF-8, moto's own header.
    """
    raw_path, _, raw_query = request.target.partition("?")
    try:
        path = unquote_to_bytes(raw_path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("InvalidURI", "Couldn't parse the specified URI.", 400) from error
    if path.startswith("/moto-api"):
        raise RefusedError("AccessDenied", "Access Denied", 403)
    if not request.complete:
        raise RefusedError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    query: dict[str, str] = {}
    for pair in filter(None, raw_query.split("&")):
        name, _, value = pair.partition("=")
        if (key := unquote_plus(name)) in query:  # AWS reads a form: `+` is a space, as %20 is
            raise RefusedError("InvalidArgument", f"The parameter {key} is given twice", 400)
        query[key] = unquote_plus(value)
    values: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, value in request.headers:
        lower = name.lower()
        if lower.startswith("x-moto"):
            raise RefusedError("AccessDenied", "Access Denied", 403)
        values[lower] = f"{values[lower]},{value}" if lower in values else value
        names[lower] = name
    if values.get("host", "").partition(":")[0] not in HOSTS:
        # A bucket in the host name would be overlooked.
        message = "The local AWS has path-style addresses only, at 127.0.0.1 or localhost"
        raise RefusedError("InvalidRequest", message, 400)
    return Call(request.method, raw_path, path, query, values, names, request.body, request.address, secure)


def canonical_path(path: str) -> str:
    """The path as SigV4 writes it: every byte but the unreserved ones and `/` percent-encoded."""
    return quote(path, safe="/-_.~")


def canonical_query(query: Mapping[str, str], without: Iterable[str] = ()) -> str:
    """The query as SigV4 writes it, sorted, without some parameters."""
    left_out = set(without)
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in query.items() if k not in left_out)
    return "&".join(f"{k}={v}" for k, v in pairs)
