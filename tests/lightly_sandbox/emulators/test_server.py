"""The socket: whole requests in, whole answers out, and connections that stay open."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lightly_sandbox.emulators.messages import Answer, Request, json_answer
from lightly_sandbox.emulators.server import listening

LARGEST = 1000
CHUNKED = b"PUT /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"


def app(request: Request) -> Answer | None:
    match request.path:
        case "/echo":
            return Answer(200, {"Seen": request.method, "Whole": str(request.complete)}, request.body)
        case "/nothing":
            return Answer(204)
        case "/away":
            return None
        case "/broken":
            raise RuntimeError(request.target)
    return json_answer(404, {})


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with listening(app, LARGEST) as url:
        where = urlsplit(url)
        assert where.hostname
        assert where.port
        yield where.hostname, where.port


def raw(address: tuple[str, int], sent: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_one_connection_carries_many_requests_of_any_method(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=5)
    connection.connect()
    first = connection.sock
    for method in ("GET", "PUT", "HEAD", "OPTIONS", "PROPFIND", "POST"):
        connection.request(method, "/echo", b"abc")
        answer = connection.getresponse()
        assert answer.headers["Seen"] == method
        assert answer.headers["Content-Length"] == "3"
        assert answer.read() == (b"" if method == "HEAD" else b"abc")
    connection.request("GET", "/nothing")
    empty = connection.getresponse()
    assert (empty.status, empty.read(), empty.headers["Content-Length"]) == (204, b"", None)
    assert connection.sock is first
    connection.close()


@pytest.mark.parametrize(
    ("rest", "whole", "body"),
    [
        (b"3\r\nabc\r\n4;name=value\r\ndefg\r\n0\r\nTrailer: 1\r\n\r\n", "True", b"abcdefg"),
        (b"ffff\r\n", "False", b""),
        (b"-1\r\n", "False", b""),
        (b"nonsense\r\n", "False", b""),
    ],
)
def test_a_body_may_come_in_chunks(address: tuple[str, int], rest: bytes, whole: str, body: bytes) -> None:
    last = b"GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n" if whole == "True" else b""
    answer = raw(address, CHUNKED + rest + last)
    assert f"Whole: {whole}".encode() in answer
    assert answer.partition(b"\r\n\r\n")[2].startswith(body)


@pytest.mark.parametrize("length", ["1001", "-1", "many"])
def test_a_body_that_is_too_long_or_of_unknown_length_is_not_read(address: tuple[str, int], length: str) -> None:
    answer = raw(address, f"PUT /echo HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
    assert b"Whole: False" in answer
    assert b"Connection: close" in answer


def test_an_answer_may_be_lost(address: tuple[str, int]) -> None:
    assert raw(address, b"GET /away HTTP/1.1\r\n\r\n") == b""


def test_a_failure_of_the_server_says_where_and_not_what(
    address: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = raw(address, b"GET /broken?token=secret HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 500 ")
    said = capsys.readouterr().err
    assert "RuntimeError at GET /broken" in said
    assert "secret" not in answer.decode() + said


def test_a_client_that_waits_for_a_word_gets_it(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(b"PUT /echo HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"abc")
        assert connection.recv(4096).endswith(b"abc")
