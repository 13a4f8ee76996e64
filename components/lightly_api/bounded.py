"""HTTP answers that end: a deadline for a whole exchange, and a limit on what is read of it.

The read timeout of a socket starts anew with every byte, so an answer that drips never meets it; nor does it bound
the headers, or an answer without a length. So http.client is given, in the socket's place, one that knows until when
the exchange may last and how much may come, and urllib3 the pools whose connections read by it; the clouds' own clients
are given such pools too.
"""

import http.client
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

Manager = TypeVar("Manager", bound=urllib3.PoolManager)

SECONDS = 60.0
"""How long an answer may last that nobody gave limits of its own."""

MOST_BYTES = 32 * 2**20
"""Ours: Lightly's longest answer, 5000 datasets, has some 5 MB."""


class TooLongError(OSError):
    """More came than an answer may have."""


@dataclass
class Limits:
    """Of one exchange: the clock's time when it must be over, and how many bytes may still come."""

    end: float
    bytes_left: int = MOST_BYTES
    clock: Any = time.monotonic

    def seconds_left(self) -> float:
        """Raises TimeoutError when there are none."""
        left: float = self.end - self.clock()
        if left <= 0:
            raise TimeoutError("the deadline of the exchange")
        return left

    def take(self, count: int) -> None:
        """So many came. Raises TooLongError."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooLongError


_LIMITS: ContextVar[Limits | None] = ContextVar("limits", default=None)


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """What is read in the block keeps to these limits."""
    token = _LIMITS.set(limits)
    try:
        yield
    finally:
        _LIMITS.reset(token)


class _Reader(io.RawIOBase):
    """A socket, read by limits."""

    def __init__(self, sock: Any, limits: Limits) -> None:
        self._sock, self._limits = sock, limits
        self._raw = sock.makefile("rb", buffering=0)  # keeps the socket open until it is closed itself

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._limits.seconds_left())
        count: int | None = self._raw.readinto(buffer)
        self._limits.take(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


@dataclass(frozen=True, slots=True)
class _Socket:
    """All of a socket that an HTTPResponse asks for."""

    sock: Any
    limits: Limits

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.sock, self.limits))


class BoundedResponse(http.client.HTTPResponse):
    """By the limits that the exchange is made `within`, else by those of every answer."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        limits = _LIMITS.get() or Limits(time.monotonic() + SECONDS)
        read: Any = _Socket(sock, limits)
        super().__init__(read, *args, **kwargs)


class _HttpConnection(HTTPConnection):
    response_class = BoundedResponse


class _HttpsConnection(HTTPSConnection):
    response_class = BoundedResponse


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


def bounded(manager: Manager) -> Manager:
    """The same, whose answers end."""
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return manager
