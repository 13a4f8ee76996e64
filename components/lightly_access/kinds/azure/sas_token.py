"""A SAS token that somebody hands over: taken out of the URL that it comes in, or refused for what it is seen to be.

https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md; the portal shows
a token and a "Blob SAS URL" side by side, and connection strings
(https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string). It is a secret: nothing here
shows it.
"""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

from lightly_core.fault import Fault

from lightly_access.kinds.handed_over import bare

_EXPECTED = "a service SAS or a user delegation SAS of a container or directory"
_ACCOUNT_KEY = re.compile(r"[A-Za-z0-9+/]{80,90}={0,2}")
_CONNECTION = re.compile(
    r"(?i)(?:^|;)\s*(?:DefaultEndpointsProtocol|AccountName|AccountKey|BlobEndpoint|"
    r"SharedAccessSignature)="
)


def token_of(text: str, account: str, container: str) -> str:
    """The token itself, without what people copy with it: spaces, quotes, the URL of this container or directory.

    What is something else, such as a URL of another container, comes back as it was: `fault` says what it is.
    """
    found = bare(text).replace("\\u0026", "&").replace("&amp;", "&")  # as JSON and XML write it
    if not _is_url(found):
        return found
    address, _, query = found.partition("?")
    return query if query and _is_of(address, account, container) else found


def fields(token: str) -> dict[str, str]:
    """The parts of a token by their names; none of a text that is no token."""
    try:
        return {name: values[0] for name, values in parse_qs(token.strip().removeprefix("?")).items()}
    except ValueError:
        return {}


def name(token: str) -> str:
    """The stored access policy that it lives by; of one without a policy, a word for what it is."""
    found = fields(token)
    return found.get("si") or ("user-delegation" if "skoid" in found else "given-token")


def end(token: str) -> str | None:
    """When it ends, as it says itself; a token under a stored access policy may not say."""
    return fields(token).get("se")


def moment(text: str | None) -> datetime | None:
    """A time of a token, such as 2026-11-21 or 2026-11-21T08:00Z; None where there is none that can be read."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def fault(value: str, now: datetime | None = None) -> Fault | None:
    """A signature, https alone, and a time limit of its own or by a stored access policy. The client of Lightly checks
    nothing of this. Account SAS (`ss`, `srt`) are refused: they reach every container."""
    now, found = now or datetime.now(UTC), fields(value)
    seen = _seen(value.strip())
    ends, begins = moment(found.get("se")), moment(found.get("st"))
    for wrong, hint in (
        (seen is not None, seen),
        (bool({"ss", "srt"} & found.keys()), "an account SAS reaches every container of the account"),
        (not {"sig", "sv"} <= found.keys(), "it has no signature: give what follows the ? of a SAS URL"),
        (
            found.get("sr") not in ("c", "d"),
            "Lightly lists: the token must be for a container or a directory, not for one blob",
        ),
        (found.get("spr") != "https", "the token must be for https only (spr=https)"),
        (not ("si" in found or {"sp", "se"} <= found.keys()), "it names neither rights and end nor a stored policy"),
        ("se" in found and not ends, "its end (se) is no time"),
        (bool(ends and ends <= now), f"it has ended, at {ends:%Y-%m-%d %H:%M} UTC: make another one" if ends else None),
        (bool(begins and begins > now), f"it begins at {begins:%Y-%m-%d %H:%M} UTC only" if begins else None),
    ):
        if wrong:
            return Fault(_EXPECTED, hint)
    return None


def _seen(text: str) -> str | None:
    """What it is, where it is no token at all."""
    if _CONNECTION.search(text):
        held = "the key of the whole account" if "AccountKey=" in text else "a SAS of the account"
        return f"it is a connection string, which holds {held}: make a SAS for the container or directory alone"
    if _is_url(text):
        if "?" not in text:
            return "it is a URL without a token: nothing follows a ?"
        return "it is a URL, of another account or container than the store's, or of one blob: give what follows its ?"
    if _ACCOUNT_KEY.fullmatch(text):
        return "it is a key of the whole account: make a SAS for the container or directory alone"
    if text.startswith(("{", "<")):
        return "it is JSON or XML: give the token alone"
    if "%26sig%3D" in text or "%3Fsv%3D" in text:
        return "it is URL-encoded as a whole: decode it once"
    return None


def _is_url(text: str) -> bool:
    return bool(re.match(r"(?i)[a-z][a-z0-9+.-]*://", text))


def _is_of(address: str, account: str, container: str) -> bool:
    """Whether it is the URL of this container, or of something in it; an emulator's has the account in its path."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host.partition(".")[0] == account:
        return path[:1] == [container]
    return path[:2] == [account, container]
