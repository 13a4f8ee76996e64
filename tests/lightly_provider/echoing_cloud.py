"""A cloud that repeats in every refusal all that it was asked, and more that it should not know."""

import contextlib
import html
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from lightly_sandbox.kinds.azure.emulator import certificate

HOWS = ("500 in xml", "403 in xml", "400 in json", "403 in json", "404 as text", "dropped", "not trusted")
"""How it refuses."""


@dataclass
class EchoingCloud:
    """Where it is, and what it says beside the request."""

    url: str = ""
    knows: list[str] = field(default_factory=list)


@contextlib.contextmanager
def echoing_cloud(how: str, folder: Path) -> Iterator[EchoingCloud]:
    """It, listening on a free port. A certificate that nobody trusts is made in `folder`."""
    itself = EchoingCloud()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
            if how == "dropped":
                self.close_connection = True
                self.connection.close()
                return
            status, _, form = how.split()
            more = " ".join(itself.knows)
            said = f"{more} {quote(more, safe='')} {self.command} http://{self.headers.get('Host')}{self.path} "
            self._send(int(status), form, said + " ".join(f"{k}: {v}" for k, v in self.headers.items()) + body)

        def _send(self, status: int, form: str, said: str) -> None:
            code = "AccessDenied" if status == 403 else "InvalidArgument"
            text, kind = {
                "xml": (f"<Error><Code>{code}</Code><Message>{html.escape(said)}</Message></Error>", "application/xml"),
                "json": (
                    json.dumps({"error": {"code": status, "message": said, "errors": [{"reason": "forbidden"}]}}),
                    "application/json",
                ),
                "text": (said, "text/plain"),
            }[form]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("x-ms-error-code", code)
            self.send_header("Date", formatdate(usegmt=True))
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

        def finish(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Broken connections are what it is for."""

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if how == "not trusted":
        _, context = certificate.make(folder)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https"
        assert isinstance(context, ssl.SSLContext)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        itself.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
        yield itself
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
