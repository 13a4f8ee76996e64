"""A child that says which settings it got (never do that with real ones), then waits for its parent to end."""

import socket

from lightly_sandbox.process import announce, end_with_parent, read_settings

settings = read_settings()


def stop() -> None:
    if said := settings.get("fails"):
        raise RuntimeError(said)


with socket.create_server(("127.0.0.1", 0)) as server:
    announce(server.getsockname()[1], got=settings)
    end_with_parent(stop).join()
