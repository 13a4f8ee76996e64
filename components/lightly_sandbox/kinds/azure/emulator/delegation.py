"""User delegation keys: given to who brings a bearer token, good for seven days at most.

Source: https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator.accounts import Account
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError
from lightly_sandbox.kinds.azure.emulator.sas import unauthenticated

LONGEST = timedelta(days=7)
_FIELDS = ("skoid", "sktid", "skt", "ske", "sks", "skv")
_ELEMENTS = ("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion")


def give(account: Account, oid: str, tenant: str, version: str, body: bytes, now: datetime) -> Answer:
    """A key for the times in `body` (a KeyInfo document). Raises RefusedError for times that Azure does not take."""
    start, expiry = _time(_element(body, "Start") or f"{now:%Y-%m-%dT%H:%M:%SZ}"), _time(_element(body, "Expiry"))
    if not start < expiry or expiry - now > LONGEST or start - now > LONGEST or expiry <= now:
        message = "The value for one of the XML nodes is not in the correct format."
        detail = f"Start {start:%FT%TZ}, Expiry {expiry:%FT%TZ}: expected an expiry within 7 days from now"
        raise RefusedError("InvalidXmlNodeValue", message, 400, {"XmlNodeName": "Expiry", "Reason": detail})
    times = (f"{entry:%Y-%m-%dT%H:%M:%SZ}" for entry in (start, expiry))
    values = dict(zip(_FIELDS, (oid, tenant, *times, "b", version), strict=True))
    parts = "".join(f"<{name}>{escape(values[key])}</{name}>" for name, key in zip(_ELEMENTS, _FIELDS, strict=True))
    document = f"<UserDelegationKey>{parts}<Value>{_value(account, values)}</Value></UserDelegationKey>"
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return Answer(200, {"Content-Type": "application/xml", "x-ms-version": version}, (head + document).encode())


def key_of(account: Account, query: Mapping[str, str], tenant: str, now: datetime) -> str:
    """The key that a token claims to be signed with. Raises RefusedError when it is of another tenant, too early or too
    late.
    """
    values = {name: query.get(name, "") for name in _FIELDS}
    if values["sktid"] != tenant or values["sks"] != "b" or not values["skv"]:
        raise unauthenticated("The user delegation key is not one of this account")
    if "si" in query:
        raise unauthenticated("A user delegation SAS has no stored access policy")
    start, expiry = _claimed(values["skt"]), _claimed(values["ske"])
    if not start <= now < expiry or expiry - start > 2 * LONGEST:
        raise unauthenticated(
            f"Signed key not valid in the specified time frame: Start [{start:%F %TZ}] - Expiry [{expiry:%F %TZ}]"
        )
    if _claimed(query.get("se", "")) > expiry:
        raise unauthenticated("The token expires after its user delegation key")
    return _value(account, values)


def _value(account: Account, values: Mapping[str, str]) -> str:
    text = "\n".join((account.name, *(values[name] for name in _FIELDS)))
    return base64.b64encode(hmac.digest(account.delegation, text.encode(), hashlib.sha256)).decode()


def _element(body: bytes, name: str) -> str:
    """The text of an element without children; a KeyInfo has no others."""
    match = re.search(rb"<%b>([^<]*)</%b>" % (name.encode(), name.encode()), body)
    return match[1].decode("utf-8", "replace").strip() if match else ""


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise RefusedError("InvalidXmlDocument", f"got the time {text!r}, expected ISO 8601 in UTC", 400) from None


def _claimed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise unauthenticated(f"{text!r} is not a time") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
