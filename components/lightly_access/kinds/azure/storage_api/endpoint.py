"""The blob endpoint of an account, as Azure names it (`primaryEndpoints.blob`)."""

from lightly_core.fault import Fault
from lightly_core.service_url import in_the_open, service_url


def blob_endpoint(value: str) -> Fault | None:
    """An https URL, the account in its host or its path. http only for services on this machine."""
    expected = "the account's blob endpoint, such as https://acmephotos.blob.core.windows.net/"
    parts = service_url(value)
    if parts is None or parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return Fault(expected)
    if in_the_open(parts):
        return Fault(expected, "over http everybody on the way reads the data; http is for services on this machine")
    return None
