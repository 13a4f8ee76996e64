"""Where Lightly's API is: Lightly's own server, or one that is given."""

from urllib.parse import urlsplit

from lightly_core.fault import Fault
from lightly_core.lightly_rules import LOOPBACK_HOSTS

DEFAULT_SERVER = "https://api.lightly.ai"


def server_location(value: str) -> Fault | None:
    """The base URL of Lightly's API. Plain http shows the token to the network, so only this machine may use it."""
    expected = f"the URL of Lightly's API, such as {DEFAULT_SERVER}"
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return Fault(expected)
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        return Fault(expected, "scheme and host only, with nothing secret in it")
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        return Fault(expected, "over http everybody on the way reads the token; http is for servers on this machine")
    return None
