"""Every exchange ends, whatever a server does: in time, and with no more in memory than an answer may have."""

import contextlib
import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from lightly_api.bounded import MOST_BYTES
from lightly_api.client import LightlyApi
from lightly_api.errors import UnreadableAnswerError
from lightly_api.transport import HttpTransport, NoAnswerError, Request
from lightly_core.secret import Secret

from tests.lightly_provider.fake_time import FakeTime

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Behaviour = Callable[[socket.socket], None]


@contextlib.contextmanager
def server(behaviour: Behaviour) -> Iterator[str]:
    """One that reads a request and then does as it likes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer, contextlib.suppress(OSError):
                peer.recv(65536)
                behaviour(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def dripping(start: bytes, drop: bytes) -> Behaviour:
    def drip(peer: socket.socket) -> None:
        peer.sendall(start)
        while True:
            time.sleep(0.05)
            peer.sendall(drop)

    return drip


def endless(start: bytes, part: bytes) -> Behaviour:
    def flood(peer: socket.socket) -> None:
        peer.sendall(start)
        while True:
            peer.sendall(part)

    return flood


def bomb(peer: socket.socket) -> None:
    packed = gzip.compress(bytes(MOST_BYTES + 1))
    peer.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


DRIPS = {
    "a status line": dripping(b"HTTP/1.1 ", b" "),
    "headers": dripping(HEAD, b"X-More: yes\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body of some length": dripping(HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
    "a body without a length": dripping(HEAD + b"\r\n", b" "),
    "chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "the length of a chunk": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "nothing": dripping(b"", b""),
}
FLOODS = {
    "a body without a length": endless(HEAD + b"\r\n", bytes(65536)),
    "chunks": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
    "interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "a body that unpacks": bomb,
}


@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_drips_is_given_up_at_the_deadline(drip: str) -> None:
    with server(DRIPS[drip]) as url:
        start = time.monotonic()
        with pytest.raises(NoAnswerError, match=r"^no answer from 127.0.0.1:\d+ within 0 s$") as caught:
            HttpTransport(url)(Request("GET", "/v1/datasets", {}, seconds=0.4))
        assert time.monotonic() - start < 2
    assert (caught.value.sent, caught.value.lasting) == (True, False)


@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_that_never_ends_is_an_error_and_is_not_asked_for_again(flood: str) -> None:
    with server(FLOODS[flood]) as url:
        api = LightlyApi(Secret("token"), url, retry_policy=FakeTime().retry_policy())
        with pytest.raises(UnreadableAnswerError, match="Lightly answered with more than 32 MiB"):
            api.datasets.get("a" * 24)


def test_a_connection_is_used_again() -> None:
    seen = itertools.count()

    def answer(peer: socket.socket) -> None:
        while True:
            next(seen)
            peer.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
            if not peer.recv(65536):
                return

    with server(answer) as url:
        transport = HttpTransport(url)
        assert [transport(Request("GET", "/", {})).body for _ in range(3)] == [b"{}"] * 3
    assert next(seen) == 3
