"""The socket: Werkzeug's threaded HTTP/1.1 server on a free port (why: see `lightly_sandbox.lightly.serve`)."""

from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lightly_sandbox.kinds.gcs.emulator.app import App


class _Handler(WSGIRequestHandler):
    """Keeps connections open, sends at once, and logs no request: a URL may be a signed one."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: what went wrong is said by the application."""


def bind(app: App) -> BaseWSGIServer:
    """A server that has its port (`server_port`) and waits for `serve_forever`."""
    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
