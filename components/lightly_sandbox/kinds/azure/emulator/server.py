"""Sockets: threaded HTTP/1.1 servers on loopback that hand every request to the gate and keep connections open.

One listens to plain http (control plane, Resource Manager, and data, so that https-only can be shown to refuse), one to
TLS (data only).
"""

import ssl
import threading
from collections.abc import Callable
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lightly_sandbox.kinds.azure.emulator.messages import Answer, RefusedError, Request, read, storage_error

_NO_BODY = (204, 304)
_LARGEST_BODY = 64 * 1024 * 1024
_HANDSHAKE_SECONDS = 10


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
        """Nothing: a request line may hold a signature."""

    def _serve(self) -> None:
        answered = self._answer()
        head, length = self.command == "HEAD", str(len(answered.body))
        self.send_response_only(answered.status, responses.get(answered.status))
        for name, value in answered.headers.items():
            if name.lower() == "content-length":
                length = value if head else length
            else:
                self.send_header(name, value)
        if answered.status not in _NO_BODY:
            self.send_header("Content-Length", length)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not head and answered.status not in _NO_BODY:
            self.wfile.write(answered.body)
        self.wfile.flush()

    def _answer(self) -> Answer:
        try:
            body = self._body()
            address = self.client_address[0]
            request = read(self.command, self.path, self.headers.items(), body, address, self.tls)
        except RefusedError as refused:
            return storage_error(refused, head=self.command == "HEAD")
        return self.server.answer(request)

    def _body(self) -> bytes:
        """All of the body: the next request on the connection starts right behind it."""
        length = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            raise RefusedError("MissingContentLengthHeader", "The Content-Length header was not specified.", 411)
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
            raise RefusedError("RequestBodyTooLarge", "The request body is too large for the local Azure.", 413)
        return self.rfile.read(int(length))


class Listener(ThreadingHTTPServer):
    """A listener on a free port of 127.0.0.1, serving in a thread of its own; with `context` it speaks TLS."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer: Callable[[Request], Answer], context: ssl.SSLContext | None = None) -> None:
        self.answer, self.context = answer, context
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, name=f"listen-{self.server_port}", daemon=True).start()

    def server_bind(self) -> None:
        """Bind without asking DNS for the machine's name, which takes seconds in some places."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients leave, and those that do not trust our CA leave in the middle of the handshake."""
