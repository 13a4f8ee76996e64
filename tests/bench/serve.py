"""Requests per second of `lightly-access serve` against Lightly's old helper, side by side on this machine.

Both serve the same folder of 200 KB images over loopback and are asked in turns, a few seconds each, so that what else
the machine does hits both. They are asked as a page of Lightly's web application asks: with an `Origin`, and the way a
browser plays a video with `Range: bytes=0-`, so that both send the same bytes although the old helper knows no ranges.
Each answer is looked at: status, `Content-Range`, `Access-Control-Allow-Origin`; before that, each byte of one of ours.

Beside requests per second stands the time of a processor that the server itself takes for one: on a busy machine that
says more. The client discards bodies in the kernel and so costs less than any server.
"""

import argparse
import http.client
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

CONNECTIONS = (2, 16, 64)
SIZE, COUNT = 200_000, 50
ROUNDS = 3

# The old helper's command needs hydra and its module imports torch, for a list of suffixes: its server needs neither.
_HELPER = """
import sys, types
from pathlib import Path
sys.modules["lightly.data"] = data = types.ModuleType("lightly.data")
data._helpers = None
from lightly.api.serve import get_server
get_server([Path(p) for p in sys.argv[2:]], "localhost", int(sys.argv[1])).serve_forever()
"""


def main() -> None:
    """Print requests per second at every concurrency, and the ratio."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="of one measurement")
    Console().print(serve(parser.parse_args().seconds))


ORIGIN = "https://app.lightly.ai"
WHOLE, PART = f"Origin: {ORIGIN}\r\n", f"Origin: {ORIGIN}\r\nRange: bytes=0-\r\n"


def serve(seconds: float = 3.0) -> Table:
    """The table; the numbers are medians of three rounds, each of which asks both servers."""
    heads = ("asked for", "connections", "old helper", "ours", "ratio", "ms CPU old", "ms CPU ours", "ratio")
    table = Table(*heads, title="200 KB images, requests/s and the server's ms CPU for one (aim: 5)")
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as (old, ours):
        _check_ours(ours.port, Path(folder) / "input" / "7.jpg")
        for name, asked in (("whole", WHOLE), ("range", PART)):
            for connections in CONNECTIONS:
                rows = [
                    [figure for server in (old, ours) for figure in server.asked(asked, connections, seconds)]
                    for _ in range(ROUNDS)
                ]
                before, cost_before, now, cost_now = (median(column) for column in zip(*rows, strict=True))
                rates = (f"{before:.0f}", f"{now:.0f}", f"{now / before:.1f}")
                costs = (f"{cost_before:.2f}", f"{cost_now:.2f}", f"{cost_before / cost_now:.1f}")
                table.add_row(name, str(connections), *rates, *costs)
    return table


def _check_ours(port: int, file: Path) -> None:
    """That a part of ours is that part: byte by byte, once."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    asked.request("GET", f"/{file.name}", headers={"Origin": ORIGIN, "Range": "bytes=100-199"})
    answer = asked.getresponse()
    said = (answer.status, answer.headers["Content-Range"], answer.headers["Access-Control-Allow-Origin"])
    if (*said, answer.read()) != (206, f"bytes 100-199/{SIZE}", ORIGIN, file.read_bytes()[100:200]):
        raise RuntimeError(f"a part was asked for, and the answer is {said}")
    asked.close()


@dataclass(frozen=True, slots=True)
class _Server:
    """One that runs, and the lines that each of its answers must have: for a whole file, and for a part."""

    pid: int
    port: int
    whole: tuple[bytes, ...]
    part: tuple[bytes, ...]

    def asked(self, headers: str, connections: int, seconds: float) -> tuple[float, float]:
        """Whole answers per second, and what of a processor's time each took, in ms."""
        client = Client(self.port, connections, headers, self.part if "Range" in headers else self.whole)
        before = _cpu_seconds(self.pid)
        rate = client.run(seconds)
        return rate, 1000 * (_cpu_seconds(self.pid) - before) / (rate * seconds)


def _cpu_seconds(pid: int) -> float:
    """Of a process with all its threads; of Linux, by /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[_Server, _Server]]:
    source, lightly = folder / "input", folder / "lightly"
    source.mkdir()
    lightly.mkdir()
    for number in range(COUNT):
        (source / f"{number}.jpg").write_bytes(os.urandom(SIZE))
    old, ours = _free_port(), _free_port()
    ask = ["-m", "lightly_cli.main", "serve", "--port", str(ours)]
    commands = [
        [sys.executable, "-c", _HELPER, str(old), str(source), str(lightly)],
        [sys.executable, *ask, "--input-mount", str(source), "--lightly-mount", str(lightly)],
    ]
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen(command, stdout=quiet, stderr=quiet) for command in commands]
    try:
        for port in (old, ours):
            _wait_for(port)
        # The old helper has neither: lightly 1.5.26, lightly/api/serve.py.
        plain = (b" 200 ",)
        shared = f"access-control-allow-origin: {ORIGIN}\r\n".encode()
        part = f"content-range: bytes 0-{SIZE - 1}/{SIZE}\r\n".encode()
        yield (
            _Server(running[0].pid, old, plain, plain),
            _Server(running[1].pid, ours, (b" 200 ", shared), (b" 206 ", shared, part)),
        )
    finally:
        for process in running:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@dataclass(slots=True)
class _Line:
    """A connection: bytes of the body still to come, and whether the server keeps the connection open."""

    left: int = -1
    kept: bool = True


class Client:
    """Asks over so many connections at once, each time the next image; counts whole answers that are as they must be.

    `expected`: what the head of each must have, header names in lower case.
    """

    def __init__(self, port: int, connections: int, headers: str, expected: tuple[bytes, ...]) -> None:
        self._port, self._connections, self._headers, self._expected = port, connections, headers, expected
        self._selector = selectors.DefaultSelector()
        self._asked = self._done = 0
        self._bin = bytearray(1 << 20)

    def run(self, seconds: float) -> float:
        """Whole answers per second."""
        for _ in range(self._connections):
            self._open()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, events in self._selector.select(0.5):
                assert isinstance(key.fileobj, socket.socket)
                react = self._opened if events & selectors.EVENT_WRITE else self._read
                react(key.fileobj, key.data)
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()
        return self._done / seconds

    def _open(self) -> None:
        """Without waiting: the old helper's queue of five drops what comes on top, and that is its delay alone."""
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", self._port))
        self._selector.register(connection, selectors.EVENT_WRITE, _Line())

    def _opened(self, connection: socket.socket, line: _Line) -> None:
        if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._again(connection)
            return
        self._selector.modify(connection, selectors.EVENT_READ, line)
        self._send(connection)

    def _send(self, connection: socket.socket) -> None:
        self._asked += 1
        connection.send(f"GET /{self._asked % COUNT}.jpg HTTP/1.1\r\nHost: localhost\r\n{self._headers}\r\n".encode())

    def _read(self, connection: socket.socket, line: _Line) -> None:
        try:
            if line.left < 0:
                self._head(connection, line)
            while line.left > 0:
                got = connection.recv_into(self._bin, min(line.left, 1 << 20), socket.MSG_TRUNC)  # discarded
                if not got:
                    raise ConnectionResetError
                line.left -= got
        except BlockingIOError:
            return
        except ConnectionResetError:
            self._again(connection)
            return
        self._done += 1
        if line.kept:
            line.left = -1
            self._send(connection)
        else:
            self._again(connection)

    def _head(self, connection: socket.socket, line: _Line) -> None:
        head, end, body = connection.recv(1 << 16).partition(b"\r\n\r\n")
        if not end:
            raise ConnectionResetError
        lines = head.lower() + b"\r\n"
        if not all(line in lines for line in self._expected):
            raise RuntimeError(f"expected {self._expected} in the answer, got {head!r}")
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert found, head
        line.left, line.kept = int(found[1]) - len(body), head.startswith(b"HTTP/1.1")

    def _again(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()
        self._open()


if __name__ == "__main__":
    main()
