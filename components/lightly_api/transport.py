"""One HTTP exchange with Lightly, over urllib3: no retry, no redirect, no URL in any message, and always an end.

Lightly's API takes its token in the query of every URL, so an exception or log line of an HTTP library that names the
URL gives the token away. Here every failure becomes a NoAnswerError with a phrase of ours, and urllib3's own log lines
lose their queries.
"""

import logging
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from lightly_core.lightly_rules import LOOPBACK_HOSTS
from lightly_core.scrub import without_queries
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from lightly_api.bounded import MOST_BYTES, Limits, TooLongError, bounded, within

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
_AT_ONCE = 32
_AT_A_TIME = 2**16


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. The query holds the token, the body may hold credentials: neither is in the repr."""

    method: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    seconds: float = READ_SECONDS
    """For all of the exchange."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names are in lower case."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class NoAnswerError(Exception):
    """No answer came. `sent`: the request may have had its effect. `lasting`: trying again will not help."""

    def __init__(self, reason: str, *, sent: bool, lasting: bool = False) -> None:
        self.reason, self.sent, self.lasting = reason, sent, lasting
        super().__init__(reason)


class Transport(Protocol):
    """Sends a request; raises NoAnswerError and nothing else."""

    def __call__(self, request: Request) -> Response: ...


class HttpTransport:
    """Lightly's server over urllib3; connections are kept and shared by threads.

    `server` is the base URL. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured; LIGHTLY_CA_CERTS names a file of
    certificate authorities, as for Lightly's own client.
    """

    def __init__(self, server: str) -> None:
        self._server = server.rstrip("/")
        self._where = urlsplit(self._server).netloc
        self._pool = _pool(self._server)
        _hush_urllib3()

    def __call__(self, request: Request) -> Response:
        limits = Limits(time.monotonic() + request.seconds)
        try:
            with within(limits):
                answer = self._pool.request(
                    request.method,
                    f"{self._server}{request.path}?{urlencode(request.query)}",
                    body=request.body,
                    headers={"Content-Type": "application/json", "Accept": "application/json"},
                    timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, request.seconds), read=request.seconds),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                body = _body(answer)
            return Response(answer.status, body, {name.lower(): v for name, v in answer.headers.items()})
        except (HTTPError, OSError) as failure:
            raise self._no_answer(failure, request, limits) from None  # the chain would show the URL

    def _no_answer(self, failure: Exception, request: Request, limits: Limits) -> NoAnswerError:
        where = self._where
        if limits.bytes_left < 0 or isinstance(failure, TooLongError):
            return NoAnswerError(f"with more than {MOST_BYTES // 2**20} MiB", sent=True, lasting=True)
        match failure:
            case NameResolutionError():
                return NoAnswerError(f"the name of {where} could not be resolved", sent=False)
            case NewConnectionError():
                return NoAnswerError(f"no connection to {where}", sent=False)
            case ConnectTimeoutError():
                return NoAnswerError(f"no connection to {where} within {CONNECT_SECONDS:.0f} s", sent=False)
            case ProxyError():
                return NoAnswerError(f"the proxy before {where} could not be used", sent=False)
            case SSLError():
                return NoAnswerError(f"the TLS certificate of {where} is not accepted", sent=False, lasting=True)
            case ReadTimeoutError() | TimeoutError():
                return NoAnswerError(f"no answer from {where} within {request.seconds:.0f} s", sent=True)
        return NoAnswerError(f"the connection to {where} broke", sent=True)


def _pool(server: str) -> urllib3.PoolManager:
    scheme, host = urlsplit(server).scheme, urlsplit(server).hostname or ""
    context = ssl.create_default_context(cafile=os.environ.get("LIGHTLY_CA_CERTS")) if scheme == "https" else None
    proxy = getproxies().get(scheme)
    if proxy and host not in LOOPBACK_HOSTS and not proxy_bypass(host):
        return bounded(urllib3.ProxyManager(proxy, maxsize=_AT_ONCE, ssl_context=context))
    return bounded(urllib3.PoolManager(maxsize=_AT_ONCE, ssl_context=context))


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    """All of it, unpacked; its length is bounded too. Raises TooLongError."""
    parts, length = [], 0
    try:
        for part in answer.stream(_AT_A_TIME):
            parts.append(part)
            length += len(part)
            if length > MOST_BYTES:
                raise TooLongError
    except BaseException:
        answer.close()  # what is left of it is nobody's answer
        raise
    answer.release_conn()
    return b"".join(parts)


def _without_query(record: logging.LogRecord) -> bool:
    record.msg, record.args = without_queries(record.getMessage()), ()
    record.exc_info = None
    return True


def _hush_urllib3() -> None:
    """A filter is not inherited by child loggers, so each of urllib3's gets it; adding it twice changes nothing."""
    for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry", "util.ssl_"):
        logging.getLogger(f"urllib3.{name}").addFilter(_without_query)
