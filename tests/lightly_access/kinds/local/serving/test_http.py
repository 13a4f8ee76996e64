"""The running server over raw sockets: paths that a client would tidy, ranges, keep-alive, host names."""

import hashlib
import os
import socket
from pathlib import Path

import pytest
from lightly_access.kinds.local.serving.app import _AT_ONCE, _read

from tests.lightly_access.kinds.local.serving.site import BOTH, ONLY_INPUT, SECRET, Site, exchange


@pytest.mark.parametrize(
    "path",
    [
        "/../secretdir/s.txt",
        "/cam1/../../secretdir/s.txt",
        "/%2e%2e/secretdir/s.txt",
        "/%2E%2E%2Fsecretdir%2Fs.txt",
        "/cam1/..%2f..%2fsecretdir/s.txt",
        "/%252e%252e/secretdir/s.txt",
        "/%25252e%25252e/secretdir/s.txt",
        "/..%5csecretdir%5cs.txt",
        "/..\\secretdir\\s.txt",
        "/.%00./secretdir/s.txt",
        "/cam1/a.png%00",
        "/%c0%ae%c0%ae/secretdir/s.txt",
        "/%uff0e%uff0e/secretdir/s.txt",
        "/....//secretdir/s.txt",
        "/..;/secretdir/s.txt",
        "//../secretdir/s.txt",
        "../secretdir/s.txt",
        "/out/s.txt",
        "/out.txt",
        "/other/s.txt",
        "/../input-other/s.txt",
        "/../../../../../../../../etc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
        "http://localhost/../secretdir/s.txt",
        "http://localhost/%2e%2e/secretdir/s.txt",
        "file:///etc/passwd",
        "*",
        "/",
        "/cam1",
        "/cam1/",
        "/cam1/.",
        "/pipe",
        "/" + "a/" * 3000,
        "/" + "%2e%2e/" * 500 + "etc/passwd",
    ],
)
def test_no_path_gets_anything_out_and_no_folder_is_listed(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status in (400, 404, 414, 421), reply
    assert SECRET not in reply.body
    assert b"root:" not in reply.body
    assert b"a.png" not in reply.body
    assert str(site.folder).encode() not in reply.body


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/cam1/a.png", ONLY_INPUT),
        ("/cam1/a.png?token=1&w=2", ONLY_INPUT),
        ("//cam1/a.png", ONLY_INPUT),
        ("/cam1/both.png", BOTH),
        ("/.lightly/thumbnails/a_thumb.png", b"thumb"),
        ("/cam1/100%25%20a%20b%C3%A9.png", b"odd name"),
        ("/cam1/%252e%252e", b"a file that is called %2e%2e"),
        ("/inner/inside.png", ONLY_INPUT),
        ("/cam1/empty.bin", b""),
        ("http://localhost/cam1/a.png", ONLY_INPUT),
    ],
)
def test_files_of_both_mounts(site: Site, path: str, body: bytes) -> None:
    reply = site.ask(path)
    assert (reply.status, reply.body) == (200, body)
    assert reply.headers["content-length"] == str(len(body))


def test_head_tells_what_get_sends(site: Site) -> None:
    got, told = site.ask("/cam1/a.png"), site.ask("/cam1/a.png", "HEAD")
    assert (told.status, told.body) == (200, b"")
    assert {**told.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=-24", 1000, 1024)]
)
def test_a_part_of_a_file(site: Site, asked: str, start: int, end: int) -> None:
    reply = site.ask("/cam1/a.png", range=asked)
    assert (reply.status, reply.body) == (206, ONLY_INPUT[start:end])
    assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/1024"
    assert reply.headers["content-length"] == str(end - start)


def test_several_parts_at_once_are_the_whole_file_and_none_of_the_file_is_416(site: Site) -> None:
    assert site.ask("/cam1/a.png", range="bytes=0-1,5-6").body == ONLY_INPUT
    outside = site.ask("/cam1/a.png", range="bytes=1024-")
    assert (outside.status, outside.headers["content-range"]) == (416, "bytes */1024")


def test_the_validators_of_an_answer_spare_the_next_one(site: Site) -> None:
    first = site.ask("/cam1/a.png")
    again = site.ask("/cam1/a.png", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site.ask("/cam1/a.png", if_modified_since=first.headers["last-modified"]).status == 304
    part = site.ask("/cam1/a.png", range="bytes=0-9", if_range=first.headers["etag"])
    assert (part.status, part.body) == (206, ONLY_INPUT[:10])


def test_a_large_file_arrives_whole_and_in_parts(site: Site) -> None:
    content = os.urandom(5_000_000)
    (site.folder / "input/large.mp4").write_bytes(content)
    assert hashlib.sha256(site.ask("/large.mp4").body).digest() == hashlib.sha256(content).digest()
    assert site.ask("/large.mp4", range="bytes=1000001-4000000").body == content[1000001:4000001]


def test_a_file_that_is_replaced_is_another_one(site: Site) -> None:
    file = site.folder / "lightly/replaced.txt"
    file.write_text("first")
    tag = site.ask("/replaced.txt").headers["etag"]
    file.write_text("other")
    os.utime(file, ns=(1, 1))
    again = site.ask("/replaced.txt", if_none_match=tag)
    assert (again.status, again.body) == (200, b"other")


def test_a_folder_that_becomes_a_link_out_is_refused_from_then_on(site: Site) -> None:
    folder = site.folder / "lightly/turning"
    folder.mkdir()
    (folder / "s.txt").write_text("fine")
    assert site.ask("/turning/s.txt").body == b"fine"
    folder.rename(site.folder / "lightly/turned")
    folder.symlink_to("../secretdir")
    assert site.ask("/turning/s.txt").status == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.7", "127.0.0.1.nip.io"])
def test_a_name_that_was_pointed_here_gets_nothing(site: Site, host: str) -> None:
    assert site.ask("/cam1/a.png", host=host).status == 421
    assert site.ask(f"http://{host}/cam1/a.png").status == 421  # the name in the request line counts as well


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:3456"])
def test_the_names_of_this_machine_are_answered(site: Site, host: str) -> None:
    assert site.ask("/cam1/a.png", host=host).status == 200


def test_no_host_and_two_hosts_are_refused(site: Site) -> None:
    assert site.ask("/cam1/a.png", host="").status == 400
    two = b"GET /cam1/a.png HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert site.send(two).status == 421


def test_a_connection_is_kept_for_the_next_request(site: Site) -> None:
    ask = f"GET /cam1/a.png HTTP/1.1\r\nHost: localhost:{site.port}\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        for _ in range(3):
            connection.sendall(f"{ask}\r\n".encode())
            received = b""
            while not received.endswith(ONLY_INPUT):
                received += connection.recv(65536)
            assert received.startswith(b"HTTP/1.1 200")
        assert exchange(connection, f"{ask}Connection: close\r\n\r\n".encode()).body == ONLY_INPUT


def test_the_platform_may_read_and_others_may_not(site: Site) -> None:
    ours, theirs = "https://app.lightly.ai", "https://evil.example"
    assert site.ask("/cam1/a.png", origin=ours).headers["access-control-allow-origin"] == ours
    assert "access-control-allow-origin" not in site.ask("/cam1/a.png", origin=theirs).headers
    asked = {"access_control_request_method": "GET", "access_control_request_private_network": "true"}
    preflight = site.ask("/cam1/a.png", "OPTIONS", origin=ours, **asked)
    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["access-control-allow-private-network"] == "true"
    assert site.ask("/cam1/a.png", "OPTIONS", origin=theirs, **asked).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "CONNECT"])
def test_nothing_but_reading(site: Site, method: str) -> None:
    path = f"localhost:{site.port}" if method == "CONNECT" else "/cam1/a.png"
    assert site.ask(path, method).status in (400, 405)
    assert (site.folder / "input/cam1/a.png").read_bytes() == ONLY_INPUT


def test_a_page_among_the_data_may_do_nothing(site: Site) -> None:
    assert site.ask("/cam1/page.html").headers["content-security-policy"].startswith("sandbox;")


@pytest.mark.parametrize("size", [_AT_ONCE - 1, _AT_ONCE, _AT_ONCE + 1])
def test_a_file_of_any_size_is_the_same_whole_and_as_a_part_of_all_of_it(site: Site, size: int) -> None:
    """What is read at once, and what granian sends by its path."""
    content = bytes(number % 251 for number in range(size))
    (site.folder / f"input/{size}.bin").write_bytes(content)
    whole, part = site.ask(f"/{size}.bin"), site.ask(f"/{size}.bin", range="bytes=0-")
    assert (whole.status, part.status, part.headers["content-range"]) == (200, 206, f"bytes 0-{size - 1}/{size}")
    assert whole.body == part.body == content


def test_what_became_something_else_while_it_was_asked_for_is_not_read_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"0123456789")
    assert _read(str(file), 2, 5) == b"234"
    assert _read(str(file), 2, 11) is None
    assert _read(str(tmp_path / "gone.png"), 0, 1) is None
    (tmp_path / "link.png").symlink_to(file)
    os.mkfifo(tmp_path / "pipe.png")
    assert (_read(str(tmp_path / "link.png"), 0, 1), _read(str(tmp_path / "pipe.png"), 0, 1)) == (None, None)
