"""What Azure takes as a field of a shared access signature, whoever signed it; Azurite reads most of them loosely.

Sources: https://learn.microsoft.com/rest/api/storageservices/create-service-sas (the fields, the order of the letters,
"specifying a permission designation more than once isn't permitted", "HTTP only isn't a permitted value", the forms of
a time), https://learn.microsoft.com/rest/api/storageservices/create-account-sas and
https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

ORDER = "racwdxyltfmeopi"
"""Of the letters of a service or user delegation SAS, and of a stored access policy."""
_ACCOUNT = frozenset("rwdxylacuptfi")
_RESOURCES = ("c", "b", "bs", "bv", "d")
_PROTOCOLS = ("https", "https,http")
_VERSION = re.compile(r"20[12]\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d))?")
_AHEAD = timedelta(days=365)
"""A version is named some months before it is everywhere."""
_LONGEST_ID = 64


def fault(query: Mapping[str, str], now: datetime, *, account: bool) -> str | None:
    """What is wrong with a token's fields, in the words of Azure's `AuthenticationErrorDetail`; None when nothing is.

    `account` is for an account SAS, which has neither `sr` nor `si`.
    """
    version = query.get("sv", "")
    if not _VERSION.fullmatch(version) or datetime.fromisoformat(version).replace(tzinfo=UTC) > now + _AHEAD:
        return f"sv is not valid. The value specified is {version}" if version else "sv is mandatory. Cannot be empty"
    if not account and query.get("sr") not in _RESOURCES:
        return "sr is not valid" if query.get("sr") else "sr is mandatory. Cannot be empty"
    if account and ("sr" in query or "si" in query):
        return "sr and si are not valid in an account SAS"
    if len(query.get("si", "")) > _LONGEST_ID:
        return f"si is not valid: more than {_LONGEST_ID} signs"
    if wrong := permissions_fault(query["sp"], account=account) if "sp" in query else None:
        return f"sp is not valid: {wrong}"
    if "si" not in query and not query.get("sp"):
        return "sp is mandatory. Cannot be empty"
    if "si" not in query and not query.get("se"):
        return "Signed expiry must be specified in signature or SAS identifier"
    if query.get("spr", "https") not in _PROTOCOLS:
        return "spr is not valid: expected https, or https,http"
    return times_fault(query.get("st", ""), query.get("se", "")) or _address_fault(query.get("sip"))


def permissions_fault(letters: str, *, account: bool = False) -> str | None:
    """What is wrong with the letters of a token or of a stored access policy."""
    if unknown := set(letters) - (_ACCOUNT if account else set(ORDER)):
        return f"the permission {min(unknown)} is not known"
    if len(set(letters)) != len(letters):
        return "a permission is given twice"
    if not account and sorted(letters, key=ORDER.index) != list(letters):
        return f"expected the permissions in the order {ORDER}"
    return None


def times_fault(start: str, expiry: str) -> str | None:
    """What is wrong with the times of a token or of a stored access policy; empty is not given."""
    times = []
    for what, text in (("start", start), ("expiry", expiry)):
        if not text:
            continue
        try:
            time = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
        except ValueError:
            time = None
        if time is None:
            return f"Signed {what} time [{text}] is not valid: expected ISO 8601 in UTC"
        times.append(time if time.tzinfo else time.replace(tzinfo=UTC))
    if len(times) == 2 and times[0] >= times[1]:
        return f"Signed expiry time [{expiry}] must be after signed start time [{start}]"
    return None


def _address_fault(address: str | None) -> str | None:
    """`sip`: one IPv4 address, or a range from a lower to a higher one."""
    if address is None:
        return None
    try:
        ends = [ipaddress.IPv4Address(end) for end in address.split("-")]
    except ValueError:
        return "sip is not an IPv4 address or a range of them"
    if len(ends) > 2:
        return "sip is not an IPv4 address or a range of them"
    return None
