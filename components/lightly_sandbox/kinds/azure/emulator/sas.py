"""Shared access signatures: which kind a request carries, and the decision on those that Azurite does not know.

Sources: https://learn.microsoft.com/rest/api/storageservices/create-service-sas,
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas,
https://learn.microsoft.com/rest/api/storageservices/create-account-sas.

A token for a directory (`sr=d`) or one signed with a user delegation key is verified here, and what it may do is put to
Azurite as an equal service SAS for the container or blob: permissions, times, stored policy and protocol are decided
there. The request is written anew, so that nobody can read its path differently.
"""

import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlencode

from lightly_sandbox.kinds.azure.emulator import sas_fields
from lightly_sandbox.kinds.azure.emulator.accounts import Account
from lightly_sandbox.kinds.azure.emulator.backend import signature
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, not_implemented

_OLDEST = "2020-12-06"  # the version since which the string to sign has the fields of today
_WITH_DELEGATED_USER = "2025-07-05"
_WITH_REQUEST_FIELDS = "2026-04-06"
_RESPONSE_HEADERS = ("rscc", "rscd", "rsce", "rscl", "rsct")
_TOKEN = {"sv", "st", "se", "sp", "si", "sip", "spr", "sr", "sdd", "sig", "ses", "ss", "srt"}
_DELEGATION = {"skoid", "sktid", "skt", "ske", "sks", "skv"}
_REFUSED = {"saoid", "suoid", "scid", "skdutid", "sduoid", "srh", "srq", "ses", *_RESPONSE_HEADERS}
_DIRECTORY_ONLY = "meop"  # permissions of the dfs endpoint


class Kind(StrEnum):
    """What a token is signed with, and for what."""

    ACCOUNT = "account"
    SERVICE = "service"
    DELEGATED = "user delegation"


@dataclass(frozen=True, slots=True)
class Place:
    """What a request is about, its path decoded as Azurite decodes it; empty where the path is shorter."""

    account: str
    container: str
    blob: str

    @property
    def path(self) -> str:
        return f"{self.container}/{self.blob}" if self.blob else self.container


def kind(query: Mapping[str, str]) -> Kind:
    """The kind of the token in a query."""
    if "ss" in query or "srt" in query:
        return Kind.ACCOUNT
    return Kind.DELEGATED if query.keys() & _DELEGATION else Kind.SERVICE


def check_fields(query: Mapping[str, str], now: datetime) -> None:
    """Raises RefusedError for a token with a field that Azure does not take."""
    if wrong := sas_fields.fault(query, now, account=kind(query) is Kind.ACCOUNT):
        raise unauthenticated(wrong)


def check_address(query: Mapping[str, str], source_ip: str) -> None:
    """Raises RefusedError when the token is for other addresses: `sip` is one address or a range, both ends
    included. Its form was checked before.
    """
    if "sip" not in query:
        return
    first, _, last = query["sip"].partition("-")
    if not _number(first) <= _number(source_ip) <= _number(last or first):
        message = "This request is not authorized to perform this operation using this source IP {ip}."
        raise RefusedError("AuthorizationSourceIPMismatch", message.replace("{ip}", source_ip), 403)


def _number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


def unauthenticated(detail: str) -> RefusedError:
    """Azure's answer to a token that is not valid, for whatever reason."""
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
        "including the signature."
    )
    return RefusedError("AuthenticationFailed", message, 403, {"AuthenticationErrorDetail": detail})


def verify_directory(account: Account, place: Place, prefix: str | None, query: Mapping[str, str]) -> None:
    """Raises RefusedError unless the token is signed with an account key for the directory that the request is in.

    `prefix` is that of a List Blobs, which counts as a path; None for all other requests.
    """
    resource = directory(account, place, prefix, query)
    text = "\n".join((*_head(query, resource), query.get("si", ""), *_tail(query)))
    if not any(_same(key, text, query) for key in account.keys):
        raise unauthenticated("Signature did not match")


def verify_delegated(account: Account, place: Place, prefix: str | None, query: Mapping[str, str], key: str) -> None:
    """Raises RefusedError unless the token is signed with this user delegation key for the place of the request."""
    match query.get("sr"):
        case "d":
            resource = directory(account, place, prefix, query)
        case "c":
            resource = f"/blob/{account.name}/{place.container}"
        case "b" if place.blob:
            resource = f"/blob/{account.name}/{place.path}"
        case _:
            raise unauthenticated("sr is not c, d or b, or does not fit the request")
    names = ["skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid"]
    if query.get("sv", "") >= _WITH_DELEGATED_USER:
        names += ["skdutid", "sduoid"]
    requested = ("", "") if query.get("sv", "") >= _WITH_REQUEST_FIELDS else ()
    text = "\n".join((*_head(query, resource), *(query.get(name, "") for name in names), *_tail(query, *requested)))
    if not _same(key, text, query):
        raise unauthenticated("Signature did not match")


def directory(account: Account, place: Place, prefix: str | None, query: Mapping[str, str]) -> str:
    """The directory of `sdd` levels in which the request is, as the string to sign names it."""
    if not account.hierarchical:
        raise unauthenticated("sr=d needs an account with a hierarchical namespace")
    depth = query.get("sdd", "")
    if not re.fullmatch(r"[1-9]\d?", depth):
        raise not_implemented(f"a directory SAS of depth {depth!r}")
    steps = (place.blob if prefix is None else prefix).split("/")
    if {".", ".."} & set(steps):
        raise unauthenticated("a path with steps that go nowhere or up")
    levels = steps[: int(depth)]
    # A listing is inside only when its prefix ends the directory's name: `cows` would also list `cows-old/`.
    if len(levels) < int(depth) or (prefix is not None and len(steps) <= int(depth)):
        raise unauthenticated("Signature did not match")
    return f"/blob/{account.name}/{place.container}/{'/'.join(levels)}"


def as_service_sas(account: Account, place: Place, query: Mapping[str, str]) -> str:
    """The target of the same request with an equal service SAS that Azurite knows, signed with the account's key."""
    if left := sorted(query.keys() & _REFUSED):
        raise not_implemented(f"the parameter {left[0]} of a directory or user delegation SAS")
    rest = {name: value for name, value in query.items() if name not in _TOKEN | _DELEGATION}
    token = {name: query[name] for name in ("sv", "st", "se", "si", "spr") if name in query}
    if "sp" in query:
        token["sp"] = "".join(letter for letter in query["sp"] if letter not in _DIRECTORY_ONLY)
    token["sr"] = "b" if query["sr"] == "b" else "c"
    resource = f"/blob/{account.name}/{place.path if token['sr'] == 'b' else place.container}"
    text = "\n".join((*_head(token, resource), token.get("si", ""), *_tail(token)))
    token["sig"] = signature(account.keys[0], text)
    return f"/{account.name}/{quote(place.path)}?{urlencode({**rest, **token}, quote_via=quote)}"


def _head(query: Mapping[str, str], resource: str) -> tuple[str, ...]:
    if query.get("sv", "") < _OLDEST:
        raise not_implemented(f"a SAS of version {query.get('sv', '')!r}, older than {_OLDEST},")
    return *(query.get(name, "") for name in ("sp", "st", "se")), resource


def _tail(query: Mapping[str, str], *requested: str) -> tuple[str, ...]:
    fields = (query.get(name, "") for name in ("sip", "spr", "sv", "sr", "snapshot", "ses"))
    return *fields, *requested, *(query.get(name, "") for name in _RESPONSE_HEADERS)


def _same(key: str, text: str, query: Mapping[str, str]) -> bool:
    return hmac.compare_digest(signature(key, text).encode(), query.get("sig", "").encode())
