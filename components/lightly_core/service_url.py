"""URLs of services: what every client takes for one, and nothing that a proxy or a log could keep."""

import re
from urllib.parse import SplitResult, urlsplit

from lightly_core.lightly_rules import LOOPBACK_HOSTS

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
_ADDRESS = re.compile(r"[0-9a-f:.]+", re.ASCII)


def service_url(value: str) -> SplitResult | None:
    """Its parts; None where it is no URL of http or https with a host that can be one."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    known = _HOST.fullmatch(host) or (":" in host and _ADDRESS.fullmatch(host))
    good = parts.scheme in ("http", "https") and known and ".." not in host and port != 0
    return parts if good and value.isascii() and value.isprintable() and not set(value) & set(" \\") else None


def in_the_open(parts: SplitResult) -> bool:
    """Whether what goes there can be read on the way: plain http, and not to this machine."""
    return parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS
