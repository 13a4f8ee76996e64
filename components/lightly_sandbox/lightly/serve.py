"""The socket: a threaded HTTP/1.1 server on a free loopback port.

Werkzeug's, not granian's: granian takes a free port but cannot say which (asked for port 0, its server still says 0),
and it answers 500 where an application wants to close the connection without an answer, which a lost answer needs.
The calls block (boto3), so a thread each is the natural shape.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lightly_sandbox.lightly.app import App


class _Handler(WSGIRequestHandler):
    """Keeps connections open, sends at once, and logs no request: the token is in the URL."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: what went wrong is said by the application."""


def bind(app: App) -> BaseWSGIServer:
    """A server that has its port (`server_port`) and waits for `serve_forever`."""
    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)


@contextmanager
def running(app: App) -> Iterator[str]:
    """The server in a thread of this process, for tests: its URL."""
    server = bind(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
