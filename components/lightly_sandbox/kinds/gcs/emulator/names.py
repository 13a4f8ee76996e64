"""What Google accepts as a name.

Sources: https://cloud.google.com/storage/docs/buckets#naming, https://cloud.google.com/storage/docs/objects#naming,
https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create,
https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles/create.
"""

import re

from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid

_PART = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_BUCKET = 222
_GOOGLE = re.compile(r"g[o0]{2}g[l1i]e")
"""And what looks like it."""
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_ACCOUNT_ID = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])")
_ROLE_ID = re.compile(r"[a-zA-Z0-9_.]{3,64}")
_LONGEST_OBJECT = 1024  # bytes of UTF-8


def check_bucket(name: str) -> None:
    """Raises RefusedError for a name that no bucket can have. Names with dots need a proven domain, which nobody has
    here."""
    parts = name.split(".")
    if any(not _PART.fullmatch(part) for part in parts) or not 3 <= len(name) <= _LONGEST_BUCKET:
        raise invalid(f"Invalid bucket name: '{name}'")
    if _ADDRESS.fullmatch(name) or name.startswith("goog") or _GOOGLE.search(name) or "_" in (name[0], name[-1]):
        raise invalid(f"Invalid bucket name: '{name}'")
    if len(parts) > 1:
        message = "The bucket you tried to create requires domain ownership verification."
        raise RefusedError(403, "forbidden", message, "AccessDenied")


def check_object(name: str) -> None:
    """Raises RefusedError for a name that no object can have."""
    if not name:
        raise RefusedError(400, "required", "Required", "InvalidArgument")
    bad = "\r" in name or "\n" in name or name in (".", "..") or name.startswith(".well-known/acme-challenge/")
    if bad or len(name.encode()) > _LONGEST_OBJECT:
        raise RefusedError(400, "invalid", "The specified object name is not valid.", "InvalidObjectName")


def check_account_id(account_id: str) -> None:
    """Raises RefusedError: 6 to 30 characters, lower case letters, digits and hyphens."""
    if not 6 <= len(account_id) <= 30 or not _ACCOUNT_ID.fullmatch(account_id):
        raise invalid(
            f'The account ID "{account_id}" does not have a length between 6 and 30.'
            if not 6 <= len(account_id) <= 30
            else f'The account ID "{account_id}" does not match the pattern [a-z]([-a-z0-9]*[a-z0-9]).'
        )


def check_role_id(role_id: str) -> None:
    """Raises RefusedError: 3 to 64 letters, digits, underscores and periods."""
    if not _ROLE_ID.fullmatch(role_id):
        raise invalid(f"The role_id ({role_id}) must match the pattern [a-zA-Z0-9_\\.]{{3,64}}.")
