"""Sockets: a threaded HTTP/1.1 server on loopback that hands every request to the gate and keeps connections open.

Two listeners: `port` stands for AWS's TLS endpoint (aws:SecureTransport is true: the machine's loopback takes the place
of TLS), `plain_port` for unencrypted HTTP (false), so that policies about transport can be shown to bite.
"""

import threading
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lightly_sandbox.kinds.s3.emulator.call import read
from lightly_sandbox.kinds.s3.emulator.control import PREFIX, Control
from lightly_sandbox.kinds.s3.emulator.errors import Answer, Protocol, RefusedError, answer
from lightly_sandbox.kinds.s3.emulator.gateway import Gateway

_NO_BODY = (204, 304)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and writes each answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "Listener"

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
        body = self._body()
        answered = self._answer(body)
        head = self.command == "HEAD"
        length = str(len(answered.body))
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

    def _body(self) -> bytes:
        """All of the body: the next request on the connection starts right behind it."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
        if length.isdecimal():
            return self.rfile.read(int(length))
        self.close_connection = True
        return b""

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(100).partition(b";")[0] or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline(4)
        while self.rfile.readline(1000).strip():
            pass
        return bytes(body)

    def _answer(self, body: bytes) -> Answer:
        listener, path = self.server, self.path.partition("?")[0]
        headers = self.headers.items()
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return listener.control.answer(self.command, path, {name.lower(): value for name, value in headers}, body)
        try:
            call = read(self.command, self.path, headers, body, self.client_address[0], secure=listener.secure)
        except RefusedError as refused:
            return answer(refused, Protocol.REST_XML, "s3", path, head=self.command == "HEAD")
        return listener.gateway.answer(call)


class Listener(ThreadingHTTPServer):
    """A listener on a free port of 127.0.0.1, serving in a thread of its own."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, gateway: Gateway, control: Control, *, secure: bool) -> None:
        self.gateway, self.control, self.secure = gateway, control, secure
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, name=f"listen-{self.server_port}", daemon=True).start()

    def server_bind(self) -> None:
        """Bind without asking DNS for the machine's name, which takes seconds in some places."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]
