"""Requests per second of `lightly-access serve` against Lightly's old helper, side by side on this machine.

Both serve the same folder of 200 KB images over loopback and are asked in turns, a few seconds each, so that what else
the machine does hits both. `wrk` asks where it is on PATH, else the small client below, which discards bodies in the
kernel and so costs less than any server.
"""

import argparse
import os
import re
import selectors
import shutil
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


def serve(seconds: float = 3.0) -> Table:
    """The table; the numbers are medians of three rounds, each of which asks both servers."""
    client = "wrk" if shutil.which("wrk") else "own client"
    table = Table("connections", "old helper", "ours", "ratio", title=f"200 KB images, requests/s ({client})")
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as (old, ours):
        for connections in CONNECTIONS:
            rows = [[_ask(port, connections, seconds) for port in (old, ours)] for _ in range(ROUNDS)]
            before, now = (median(column) for column in zip(*rows, strict=True))
            table.add_row(str(connections), f"{before:.0f}", f"{now:.0f}", f"{now / before:.1f}")
    return table


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[int, int]]:
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
        yield old, ours
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


def _ask(port: int, connections: int, seconds: float) -> float:
    if wrk := shutil.which("wrk"):
        words = [wrk, "-t", "1", "-c", str(connections), "-d", f"{round(seconds)}s", f"http://localhost:{port}/7.jpg"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert found, said
        return float(found[1])
    return Client(port, connections).run(seconds)


@dataclass(slots=True)
class _Line:
    """A connection: bytes of the body still to come, and whether the server keeps the connection open."""

    left: int = -1
    kept: bool = True


class Client:
    """Asks over so many connections at once, each time the next image; counts whole answers with status 200."""

    def __init__(self, port: int, connections: int) -> None:
        self._port, self._connections = port, connections
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
        connection.send(f"GET /{self._asked % COUNT}.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

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
        assert head.split(b" ", 2)[1] == b"200", head
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert found, head
        line.left, line.kept = int(found[1]) - len(body), head.startswith(b"HTTP/1.1")

    def _again(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()
        self._open()


if __name__ == "__main__":
    main()
