"""A server of the mounts as a process of its own, asked over a raw socket: no client tidies the request."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """An answer: header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A running server and its two folders."""

    port: int
    process: "subprocess.Popen[str]"
    folder: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """One request on a connection of its own; `Host` is localhost unless given, `host=""` for none."""
        named = {"host": f"localhost:{self.port}", "connection": "close"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value)]
        return self.send("\r\n".join([*lines, "", ""]).encode())

    def send(self, request: bytes) -> Reply:
        """Whatever bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            return exchange(connection, request)


def exchange(connection: socket.socket | ssl.SSLSocket, request: bytes) -> Reply:
    """Send, and read until the server closes."""
    connection.sendall(request)
    received = b""
    while more := connection.recv(1 << 16):
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(": ") for line in lines)
    return Reply(int(status.split()[1]), {name.lower(): value for name, _, value in fields}, body)


@contextmanager
def serving(folder: Path, *options: str, ends: bool = True) -> Iterator[Site]:
    """`lightly-access serve` over `folder`/lightly and `folder`/input on a free port."""
    words = ["serve", "--input-mount", str(folder / "input"), "--lightly-mount", str(folder / "lightly")]
    process = start(*words, "--port", "0", *options)
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        ready = process.stdout.readline()
        watchdog.cancel()
        assert " serves " in ready, f"it did not start: {ready!r} {process.stderr.read() if process.stderr else ''}"
        yield Site(int(ready.split(" serves ")[0].rpartition(":")[2]), process, folder)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=START_SECONDS)


def start(*words: str) -> "subprocess.Popen[str]":
    """The command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "lightly_cli.main", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # SIGINT is not ignored there, whatever the test run ignores
    )


SECRET = b"nobody may read this"
BOTH, ONLY_INPUT = b"the one of LIGHTLY", bytes(range(256)) * 4


def fill(folder: Path) -> None:
    """Two mounts, a secret beside them, and links of every kind."""
    for name in ("input/cam1/deep", "lightly/.lightly/thumbnails", "lightly/cam1", "secretdir", "input-other"):
        (folder / name).mkdir(parents=True)
    (folder / "secretdir/s.txt").write_bytes(SECRET)
    (folder / "input-other/s.txt").write_bytes(SECRET)  # a folder whose name starts like a mount's
    (folder / "input/cam1/a.png").write_bytes(ONLY_INPUT)
    (folder / "input/cam1/100% a b\u00e9.png").write_bytes(b"odd name")
    (folder / "input/cam1/%2e%2e").write_bytes(b"a file that is called %2e%2e")
    (folder / "input/cam1/page.html").write_bytes(b"<script>1</script>")
    (folder / "input/cam1/empty.bin").write_bytes(b"")
    (folder / "input/cam1/both.png").write_bytes(b"the one of INPUT")
    (folder / "lightly/cam1/both.png").write_bytes(BOTH)
    (folder / "lightly/.lightly/thumbnails/a_thumb.png").write_bytes(b"thumb")
    (folder / "input/cam1/inside.png").symlink_to("a.png")
    (folder / "input/inner").symlink_to("cam1")
    (folder / "input/out").symlink_to("../secretdir")
    (folder / "input/out.txt").symlink_to(folder / "secretdir/s.txt")
    (folder / "input/other").symlink_to("../input-other")
    (folder / "input/loop").symlink_to("loop")
    (folder / "input/gone").symlink_to("nothing")
    os.mkfifo(folder / "input/pipe")
