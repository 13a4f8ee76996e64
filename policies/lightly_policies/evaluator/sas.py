"""What Azure would decide on a request with a SAS: a token and its stored policy in, a decision out.

Service and user-delegation SAS of blobs.

Rules of https://learn.microsoft.com/rest/api/storageservices/create-service-sas ("Permissions for a directory,
container, or blob", "Specify a signature validity interval") and
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas . The signature is compared only when
the account's key is given; of a user-delegation SAS it never is, because nobody but Azure has what it needs. Network
rules of the account, encryption scopes and POSIX rights of directories are not modelled. Pure.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from lightly_policies.evaluator.aws import Decision
from lightly_policies.sas import StoredPolicy, depth, resource, signature

OPERATIONS: Mapping[str, str] = {
    "list": "l",
    "read": "r",
    "write": "cw",
    "overwrite": "w",
    "delete": "d",
    "append": "aw",
    "snapshot": "cw",
    "lease": "w",
    "delete a version": "x",
    "delete for good": "y",
    "read or set tags": "t",
    "find by tags": "f",
    "move": "m",
    "read the access list of a path": "e",
    "set the owner of a path": "o",
    "set the access list of a path": "p",
    "set an immutability policy": "i",
}
"""Operation -> the permissions of which one is enough. `write` makes a blob that is not there yet."""

NEVER = (
    *("read the container's properties", "set the container's metadata", "lease the container"),
    *("read the stored policies", "set the stored policies", "delete the container", "make a container"),
    *("list the containers", "read the account's settings"),
)
"""No service SAS reaches these, whatever its permissions."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?Z)?")
_ALL = frozenset("racwdxyltfmeopi")
_DIRECTORIES_SINCE = "2020-02-10"


class MalformedSasError(ValueError):
    """No token that Azure could read. The text shows names of parameters and no value."""


@dataclass(frozen=True, slots=True)
class Sas:
    """A token, read: each parameter once, decoded."""

    fields: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, token: str) -> "Sas":
        """A token with or without its `?`. Raises MalformedSasError."""
        try:
            pairs = parse_qsl(token.removeprefix("?"), keep_blank_values=True, strict_parsing=True)
        except ValueError:
            raise MalformedSasError("a SAS is name=value pairs, joined by &") from None
        names = [name for name, _ in pairs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise MalformedSasError(f"given twice: {', '.join(sorted(twice))}")
        if absent := {"sv", "sr", "sig"} - set(names):
            raise MalformedSasError(f"without {', '.join(sorted(absent))}")
        sas = cls(dict(pairs))
        for name in ("st", "se", "skt", "ske"):
            sas.time(name)
        return sas

    def text(self, name: str) -> str | None:
        """The value of a parameter, None when it is not there."""
        return self.fields.get(name)

    def time(self, name: str) -> datetime | None:
        """The time in a parameter. Raises MalformedSasError."""
        text = self.fields.get(name)
        if text is None:
            return None
        if not _TIME.fullmatch(text):
            raise MalformedSasError(f"{name} is not a UTC time such as 2026-11-21T00:00:00Z")
        try:
            moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d", r"\1", text).removesuffix("Z"))
        except ValueError:
            raise MalformedSasError(f"{name} is not a time") from None
        return moment.replace(tzinfo=UTC)

    @property
    def delegated(self) -> bool:
        """Whether it was signed with a user-delegation key."""
        return "skoid" in self.fields


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, what it was made for, and what stands behind it.

    Attributes:
        sas: the token.
        account, container: what it was signed for.
        directory: likewise, ending in `/`; counts with `sr=d` only.
        policy: the container's stored policy of the name in `si`; None when there is none.
        key: the account's key, to compare the signature with; None leaves it out.
    """

    sas: Sas
    account: str
    container: str
    directory: str = ""
    policy: StoredPolicy | None = None
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who holds the token asks for one operation.

    Attributes:
        operation: a word of OPERATIONS or NEVER.
        path: the blob's name; of `list` the prefix.
        time: when, with a time zone.
        ip: the caller's address; None when it does not matter.
    """

    operation: str
    account: str
    container: str
    path: str
    time: datetime
    scheme: str = "https"
    ip: str | None = None


def decide(request: Request, grant: Grant) -> Decision:
    """Whether Azure would let the request through, with its code and the reason."""
    sas = grant.sas
    permissions, start, expiry, where = _terms(grant)
    refusal = _formed(grant) or _known(grant) or _reached(request, grant) or _when(request, start, expiry)
    if refusal is None and sas.text("spr") not in (None, "https,http") and request.scheme != sas.text("spr"):
        refusal = "AuthorizationProtocolMismatch: the token is for https only"
    if refusal is None and not _from_there(request.ip, sas.text("sip")):
        refusal = "AuthorizationSourceIPMismatch: the token is for other addresses"
    if refusal is None and request.operation in NEVER:
        refusal = "AuthorizationResourceTypeMismatch: no service SAS reaches the container itself or the account"
    if refusal is not None:
        return Decision(False, refusal, None)
    needed = OPERATIONS[request.operation]
    if not set(needed) & set(permissions or ""):
        wanted = " or ".join(needed)
        return Decision(False, f"AuthorizationPermissionMismatch: {where} has no {wanted}", None)
    return Decision(True, f"{where} has {''.join(sorted(set(needed) & set(permissions or '')))}", where)


def _terms(grant: Grant) -> tuple[str | None, datetime | None, datetime | None, str]:
    sas, policy = grant.sas, grant.policy
    if sas.text("si") is None or policy is None:
        return sas.text("sp"), sas.time("st"), sas.time("se"), "the token"
    return (
        sas.text("sp") or policy.permissions,
        sas.time("st") or policy.start,
        sas.time("se") or policy.expiry,
        f"stored policy {policy.id}",
    )


def _formed(grant: Grant) -> str | None:
    """What Azure refuses before it looks at the request."""
    sas, policy = grant.sas, grant.policy
    permissions, _, expiry, _ = _terms(grant)
    failed = "AuthenticationFailed: "
    if sas.text("sr") not in ("c", "d"):
        return f"{failed}sr is neither a container nor a directory"
    if sas.text("sr") == "d":
        if (sas.text("sv") or "") < _DIRECTORIES_SINCE:
            return f"{failed}sr=d needs version {_DIRECTORIES_SINCE}"
        if sas.text("sdd") != str(depth(grant.directory)):
            return f"{failed}sdd is not the depth of the directory"
    if sas.text("spr") not in (None, "https", "https,http"):
        return f"{failed}spr is neither https nor https,http"
    if sas.delegated and sas.text("si") is not None:
        return f"{failed}a user-delegation SAS has no stored policy"
    if sas.text("si") is not None and policy is not None:
        both = [
            name
            for name, value in (("sp", policy.permissions), ("st", policy.start), ("se", policy.expiry))
            if sas.text(name) is not None and value is not None
        ]
        if both:
            return f"{failed}{', '.join(both)} in the token and in its stored policy"
    if sas.text("si") is not None and (policy is None or policy.id != sas.text("si")):
        return f"{failed}there is no stored policy of the name in si"
    if not permissions or expiry is None:
        return f"{failed}without permissions or without an end"
    return f"{failed}unknown permissions" if set(permissions) - _ALL else None


def _known(grant: Grant) -> str | None:
    """The signature, where there is a key to compare it with."""
    if grant.key is None or grant.sas.delegated:
        return None
    directory = grant.directory if grant.sas.text("sr") == "d" else ""
    right = signature(grant.sas.fields, resource(grant.account, grant.container, directory), grant.key)
    return None if right == grant.sas.text("sig") else "AuthenticationFailed: the signature does not match"


def _reached(request: Request, grant: Grant) -> str | None:
    """The signature holds for one resource: another one is a signature that does not match."""
    if (request.account, request.container) != (grant.account, grant.container):
        return "AuthenticationFailed: the token was signed for another container"
    if grant.sas.text("sr") == "d" and not request.path.startswith(grant.directory):
        return "AuthenticationFailed: the token was signed for another directory"
    return None


def _when(request: Request, start: datetime | None, expiry: datetime | None) -> str | None:
    if start is not None and request.time < start:
        return "AuthenticationFailed: the token is not valid yet"
    if expiry is None or request.time >= expiry:
        return "AuthenticationFailed: the token is not valid any more"
    return None


def _from_there(ip: str | None, allowed: str | None) -> bool:
    if allowed is None or ip is None:
        return True
    first, _, last = allowed.partition("-")
    try:
        return ipaddress.IPv4Address(first) <= ipaddress.IPv4Address(ip) <= ipaddress.IPv4Address(last or first)
    except ValueError:
        return False
