"""The socket of every server: threaded HTTP/1.1 on a free port of 127.0.0.1, with or without TLS.

The standard library's, not granian's or Werkzeug's: granian takes a free port but cannot say which, and answers 500
where an application wants to close the connection without an answer, as a lost answer needs; Werkzeug closes every
connection after one answer. Calls block (boto3, Azurite), so a thread for each connection is the natural shape.
"""

import contextlib
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lightly_sandbox.emulators.messages import Answer, Request, json_answer

App = Callable[[Request], Answer | None]
"""Answers one request; None closes the connection without an answer."""
_NO_BODY = (204, 304)
_LARGEST_BODY = 5 * 1024**3  # what S3 and Cloud Storage take in one request
_HANDSHAKE_SECONDS = 10
_CHUNK_LINE = 1000  # more than any line between two chunks has


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and writes each answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "Listener"

    def setup(self) -> None:
        """TLS shakes hands here, in the connection's own thread."""
        self.tls = ""
        if self.server.context:
            self.request.settimeout(_HANDSHAKE_SECONDS)
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.request.settimeout(None)
            self.tls = self.request.version() or ""
        super().setup()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come: the client waits for it."""
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a request line may hold a token or a signature."""

    def _serve(self) -> None:
        body = self._body()
        headers = tuple((name, value.strip()) for name, value in self.headers.items())
        address, complete = self.client_address[0], body is not None
        request = Request(self.command, self.path, headers, body or b"", address, self.tls, complete)
        try:
            answer = self.server.app(request)
        except Exception as error:
            # The frames only: a message could hold what was sent.
            print(f"{type(error).__name__} at {request.method} {request.path}", file=sys.stderr)
            traceback.print_tb(error.__traceback__)
            answer = json_answer(500, {"error": "the server failed; its log has the frames"})
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        has_body, length = answer.status not in _NO_BODY, str(len(answer.body))
        self.send_response_only(answer.status, responses.get(answer.status, "Unknown"))
        if not any(name.lower() == "date" for name in answer.headers):
            self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            if name.lower() == "content-length":
                length = value if self.command == "HEAD" else length
            else:
                self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", length)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _body(self) -> bytes | None:
        """All of the body, since the next request on the connection starts right behind it; None when it cannot be
        read, and nothing can come after it.
        """
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
        if length.isdecimal() and int(length) <= self.server.largest_body:
            return self.rfile.read(int(length))
        self.close_connection = True
        return None

    def _chunks(self) -> bytes | None:
        body = bytearray()
        with contextlib.suppress(ValueError):
            while size := int(self.rfile.readline(_CHUNK_LINE).partition(b";")[0], 16):
                if size < 0 or len(body) + size > self.server.largest_body:
                    break
                body += self.rfile.read(size)
                self.rfile.readline(_CHUNK_LINE)
            else:
                while self.rfile.readline(_CHUNK_LINE).strip():
                    pass
                return bytes(body)
        self.close_connection = True
        return None


class Listener(ThreadingHTTPServer):
    """A listener on a free port (`server_port`), serving in a thread of its own; with `context` it speaks TLS."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        app: App,
        context: ssl.SSLContext | None = None,
        *,
        largest_body: int = _LARGEST_BODY,
        poll_seconds: float = 0.5,
    ) -> None:
        """`poll_seconds`: how long `shutdown` may take."""
        self.app, self.context, self.largest_body = app, context, largest_body
        super().__init__(("127.0.0.1", 0), _Handler)
        name = f"listen-{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(poll_seconds,), name=name, daemon=True).start()

    def server_bind(self) -> None:
        """Bind without asking DNS for the machine's name, which takes seconds in some places."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients leave, and those that do not trust our CA leave in the middle of the handshake: no word about it."""
        error = sys.exception()
        if error and not isinstance(error, OSError):
            print(type(error).__name__, file=sys.stderr)
            traceback.print_tb(error.__traceback__)


@contextmanager
def listening(app: App, largest_body: int = _LARGEST_BODY) -> Iterator[str]:
    """A listener in this process, for tests: its URL."""
    with Listener(app, largest_body=largest_body, poll_seconds=0.05) as listener:
        try:
            yield f"http://127.0.0.1:{listener.server_port}"
        finally:
            listener.shutdown()
