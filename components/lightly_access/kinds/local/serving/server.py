"""Port, TLS, start and stop of the server for the mounts."""

import asyncio
import errno
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lightly_access.kinds.local.serving.app import App

DEFAULT_PORT = 3456
"""https://docs.lightly.ai/docs/local-storage: where the platform looks when nothing else is registered."""


class ServingError(Exception):
    """The server cannot start; the text says why and the way out."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate (with the chain, PEM) and its private key."""

    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen: an address, its port, and the certificate when it is HTTPS."""

    address: str
    port: int
    certificate: Certificate | None = None

    @property
    def url(self) -> str:
        """The address as a URL."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self.certificate else 'http'}://{shown}:{self.port}"


def listening(host: str, port: int, certificate: Certificate | None = None, *, now: bool = True) -> Listening:
    """Where to listen, and with `now` a look whether that is possible now; port 0 is then any. Raises ServingError.

    `localhost` means 127.0.0.1, as for Lightly's old helper. The port is tried without SO_REUSEPORT: granian, which
    sets it, would share the port with another granian and answer every other request.
    """
    if certificate:
        _check_certificate(certificate)
    try:
        family, kind, _, _, place = socket.getaddrinfo(
            "127.0.0.1" if host == "localhost" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError, OverflowError):
        raise ServingError(
            f"--host {host}: this machine does not know it\nhint: localhost, or 0.0.0.0 for all"
        ) from None
    if not now:
        return Listening(str(place[0]), port, certificate)
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(place)
            tried.listen()
        except OSError as error:
            raise ServingError(_why(host, port, error)) from None
        bound = tried.getsockname()
    return Listening(str(bound[0]), int(bound[1]), certificate)


def serve(app: App, where: Listening, started: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called when connections are taken. Returns when all is stopped.

    Raises ServingError when granian is not installed.
    """
    if find_spec("granian") is None:
        raise ServingError("granian is not installed\nhint: pip install 'lightly-access[serve]', or use serve --nginx")
    asyncio.run(_serve(app, where, started))


async def _serve(app: App, where: Listening, started: Callable[[], None]) -> None:
    # Late: granian is needed by this verb alone. Embedded: one process, so nothing is left behind when it is killed.
    from granian.constants import HTTPModes, SSLProtocols
    from granian.server.embed import Server

    server = Server(
        app,
        address=where.address,
        port=where.port,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        log_enabled=False,
        ssl_cert=where.certificate.cert if where.certificate else None,
        ssl_key=where.certificate.key if where.certificate else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    waiting = loop.create_task(_tell(where, started))
    try:
        await server.serve()
    finally:
        waiting.cancel()


async def _tell(where: Listening, started: Callable[[], None]) -> None:
    """Granian says that it starts, not that it listens: a connection does."""
    while True:
        try:
            _, writer = await asyncio.open_connection(where.address, where.port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return started()


def _check_certificate(certificate: Certificate) -> None:
    for option, file in (("--cert", certificate.cert), ("--key", certificate.key)):
        if not file.is_file():
            raise ServingError(f"{option} {file}: there is no such file")
    try:
        # An encrypted key would make OpenSSL ask on the terminal; an empty password is refused at once.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.cert, certificate.key, password=lambda: "")
    except (ssl.SSLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "unreadable"
        raise ServingError(
            f"--cert {certificate.cert}, --key {certificate.key}: they cannot be used together ({reason})\n"
            "hint: both in PEM, the key without a password and the one that the certificate was made for"
        ) from None


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken: another program listens there\n"
            f"hint: `ss -ltnp 'sport = :{port}'` or `lsof -nP -iTCP:{port} -sTCP:LISTEN` tells which; "
            "or choose another with --port, and register it as the store's web_server"
        )
    if error.errno == errno.EACCES:
        return f"port {port} of {host}: this user may not listen there\nhint: --port with a number above 1023"
    return f"{host}:{port}: {error.strerror}\nhint: --host with an address of this machine"
