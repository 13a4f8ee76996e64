"""The blob endpoint of an account, as Azure names it (`primaryEndpoints.blob`)."""

from typing import Any
from urllib.parse import urlsplit

from lightly_core.fault import Fault
from lightly_core.lightly_rules import LOOPBACK_HOSTS


def blob_endpoint(value: str) -> Fault | None:
    """An https URL, the account in its host or its path. http only for services on this machine."""
    expected = "the account's blob endpoint, such as https://acmephotos.blob.core.windows.net/"
    try:
        parts: Any = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Fault(expected)
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        return Fault(expected)
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        return Fault(expected, "over http everybody on the way reads the data; http is for services on this machine")
    return None
