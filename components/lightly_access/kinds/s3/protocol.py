"""What every service that speaks like S3 has: endpoints, keys, and regions that requests are signed for."""

import re

from lightly_core.fault import Fault
from lightly_core.service_url import in_the_open, service_url

from lightly_access.kinds.s3 import access_key

_SIGNING_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
EXAMPLE_ENDPOINT = "https://obs.eu-de.otc.t-systems.com"


def endpoint(value: str) -> Fault | None:
    """datasource_config_obs.py: `^https?://.+$`. What follows is ours: a host, and nothing secret, no bucket, no query.

    Plain http, which Lightly's pattern takes, is for stores on this machine: elsewhere everybody on the way reads the
    data, and may answer in the store's place.
    """
    expected = f"the URL of an S3-compatible service, such as {EXAMPLE_ENDPOINT}"
    parts = service_url(value)
    if parts is None:
        return Fault(expected, "with http:// or https://" if "://" not in value else None)
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return Fault(expected, "without user, password, query or fragment")
    if parts.path.strip("/"):
        return Fault(expected, "without a path: the bucket is the store's `bucket`")
    if in_the_open(parts):
        return Fault(expected, "over http everybody on the way reads the data; http is for services on this machine")
    return None


def access_key_id(value: str) -> Fault | None:
    """datasource_config_obs.py: not empty. Services differ in its form, so only what no header can carry is refused."""
    expected = "the id of an access key: printable ASCII characters without spaces and /"
    if access_key.looks_like_secret(value):
        return Fault(expected, access_key.SWAPPED)
    good = bool(value) and value.isascii() and value.isprintable() and not set(" /,\"'`") & set(value)
    return None if good else Fault(expected)


def signing_region(value: str) -> Fault | None:
    """Ours: the name with which our probe signs its requests to an S3-compatible service; Lightly is not told it."""
    return None if _SIGNING_REGION.fullmatch(value) else Fault("a region's name: 1 to 64 of a-z 0-9 -")
