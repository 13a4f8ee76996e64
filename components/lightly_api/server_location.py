"""Where Lightly's API is: Lightly's own server, or one that is given. Whoever names it, `server_location` is asked."""

from lightly_core.fault import Fault, shown
from lightly_core.scrub import Scrubber
from lightly_core.service_url import in_the_open, service_url

from lightly_api.errors import ProviderError

DEFAULT_SERVER = "https://api.lightly.ai"
VARIABLE = "LIGHTLY_SERVER_LOCATION"


class ServerLocationError(ProviderError):
    """Where the token must not be sent; nothing secret of the URL is shown."""

    def __init__(self, place: str, value: str, fault: Fault) -> None:
        got = shown(Scrubber().scrub(value))
        super().__init__(f"{place}: got {got}, expected {fault.expected}", fault.hint)


def server_location(value: str) -> Fault | None:
    """The base URL of Lightly's API. Plain http shows the token to the network, so only this machine may use it."""
    expected = f"the URL of Lightly's API, such as {DEFAULT_SERVER}"
    parts = service_url(value)
    if parts is None:
        return Fault(expected, "it begins with https://" if "://" not in value else "this cannot be read as a URL")
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return Fault(expected, "scheme and host only, with nothing secret in it")
    if in_the_open(parts):
        return Fault(expected, "over http everybody on the way reads the token; http is for servers on this machine")
    return None


def checked_location(value: str, place: str = f"lightly:serverLocation or {VARIABLE}") -> str:
    """The same. Raises ServerLocationError."""
    if fault := server_location(value):
        raise ServerLocationError(place, value, fault)
    return value
