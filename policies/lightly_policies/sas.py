"""The service SAS of one datasource: its permissions, its stored access policy, its token. Pure.

A token that names a stored access policy (`si`) holds no permission and no time of its own: they live in the policy, so
that the token dies with it. https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy

The text that is signed is written here, with a pinned version, and not left to azure-storage-blob: that signs with the
newest version it knows, so its next release would change every token. The format is that of version 2020-12-06 and
later in https://learn.microsoft.com/rest/api/storageservices/create-service-sas; a test compares with the SDK's.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

VERSION = "2022-11-02"
"""`sv`: the version of the service that tokens are signed for, and their requests are read by."""

PERMISSIONS = {"INPUT": "rl", "LIGHTLY": "rwdl"}
"""Lightly asks for read and list, and for list, read, write and delete where it stores its results; `w` makes new blobs
too, so `c` is not needed. In the order that Azure demands: r a c w d x l t."""

_SIGNED = (
    *("sp", "st", "se", "resource", "si", "sip", "spr", "sv", "sr", "snapshot", "ses"),
    *("rscc", "rscd", "rsce", "rscl", "rsct"),
)
"""The lines of the text to sign, in its order."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """What a stored access policy says; None is what it leaves to the tokens.

    Attributes:
        id: at most 64 characters, its name in the container.
        permissions: letters such as `rl`.
        start, expiry: with a time zone.
    """

    id: str
    permissions: str | None = None
    start: datetime | None = None
    expiry: datetime | None = None


def resource(account: str, container: str, directory: str = "") -> str:
    """The canonicalised resource: `/blob/account/container/directory`, without the `/` at its end."""
    return f"/blob/{account}/{container}/{directory}".rstrip("/")


def depth(directory: str) -> int:
    """How many directories below the container's root: `sdd`."""
    return len([part for part in directory.split("/") if part])


def signature(fields: Mapping[str, str], signed_resource: str, key: str) -> str:
    """`sig` of a service SAS with these fields, by this account key (base64). Raises ValueError for a key that is none.

    The values of the fields are those before URL encoding.
    """
    lines = [signed_resource if name == "resource" else fields.get(name, "") for name in _SIGNED]
    mac = hmac.new(base64.b64decode(key, validate=True), "\n".join(lines).encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def token(account: str, container: str, policy: str, key: str, *, directory: str = "") -> str:
    """The SAS of a stored policy, without `?`: equal inputs give equal tokens.

    Args:
        account, container: what it is for.
        policy: the id of the stored access policy.
        key: one of the two keys of the account (base64).
        directory: binds it to this directory, which only an account with a hierarchical namespace understands
            (`sr=d`, https://learn.microsoft.com/rest/api/storageservices/create-service-sas); empty for the container.

    Raises:
        ValueError: the key is not base64.
    """
    fields = {"sv": VERSION, "spr": "https", "si": policy, "sr": "d" if directory else "c"}
    if directory:
        fields["sdd"] = str(depth(directory))
    fields["sig"] = signature(fields, resource(account, container, directory), key)
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
