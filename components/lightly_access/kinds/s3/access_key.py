"""An access key that somebody hands over: its secret is found in whatever it comes in, or refused for what it is.

What people have is what they were given: the CSV file of AWS's console or of OBS, a line of it, the answer of `aws iam
create-access-key`, a part of `~/.aws/credentials`, lines of a shell. Nothing here shows a secret.
"""

import csv
import json
import re
from collections.abc import Iterator
from typing import Any

from lightly_core.fault import Fault

from lightly_access.kinds.handed_over import bare

_SECRET = "the secret access key that belongs to the access key id"  # noqa: S105 - words, no secret
_FORM_OF_ID = re.compile(r"[A-Z0-9]{16,24}")
"""Of AWS, of OBS, and of most services that speak like them; never that of a secret."""
_FORM_OF_SECRET = re.compile(r"(?=.*[a-z])(?=.*[A-Z0-9+/])[A-Za-z0-9+/=_-]{30,}")
_LONG = 40
"""Characters from which on an id is longer than the secret of its key only where the two are swapped ..."""
_LONG_IDS = "GOOG"
"""... but for an HMAC key of Google (https://cloud.google.com/storage/docs/authentication/hmackeys)."""
SWAPPED = "it has the form of a secret: are the id and the secret swapped?"
_TEMPORARY = re.compile(r"(?:FwoG|IQoJ|FQoG)[A-Za-z0-9+/=]{90,}")
"""How a session token of AWS begins."""
_NAMES = {"accesskeyid": 0, "awsaccesskeyid": 0, "awsaccesskey": 0, "secretaccesskey": 1, "awssecretaccesskey": 1}
_ASSIGNED = re.compile(r"""(?im)^\s*(?:export\s+|set\s+|\$env:)?["']?([a-z_ ]+?)["']?\s*[=:]\s*(.+?)[\s,;]*$""")

Pair = tuple[str | None, str]
"""The id, where it stands beside it, and the secret."""


def secret_of(text: str, key_id: str) -> str:
    """The secret itself, of the key of this id; what is something else comes back without spaces and quotes alone."""
    readings = (text.strip(), bare(text))  # of a line of quoted cells the outer quotes are not those of the whole
    found = {secret for each in readings for id, secret in _pairs(each, key_id) if id in (None, key_id)}
    return found.pop() if len(found) == 1 else bare(text)


def secret_fault(value: str, key_id: str = "") -> Fault | None:
    """datasource_config_s3.py: not empty. What is seen to be no secret is refused, whatever Lightly takes."""
    others = {id for id, _ in _pairs(value, key_id) if id}
    for wrong, hint in (
        (not value.strip(), None),
        (bool(others), "it holds the key of another id than the one that is given: give both of one key"),
        (value.lstrip().startswith(("{", "[")), "it is JSON: give what stands under SecretAccessKey"),
        (bool(_FORM_OF_ID.fullmatch(value)) and value != key_id, _swapped(value, key_id)),
        (_longer(key_id, value), "it is shorter than the id: are the two swapped?"),
        (bool(_TEMPORARY.match(value)), "it is a session token, of a login that ends within hours"),
        ("-----BEGIN" in value, "it is a private key, of a certificate or of SSH"),
        (value != value.strip() or "\n" in value, "it has spaces or line breaks around or in it"),
        (not value.isprintable(), "it has control, invisible or broken characters"),
    ):
        if wrong:
            return Fault(_SECRET, hint)
    return None


def looks_like_secret(key_id: str) -> bool:
    """Whether what is given as an id has the form of a secret: then the two are swapped, and it must not be shown."""
    return len(key_id) >= _LONG - 5 and not key_id.startswith(_LONG_IDS) and bool(_FORM_OF_SECRET.fullmatch(key_id))


def _swapped(value: str, key_id: str) -> str:
    other = "" if _FORM_OF_ID.fullmatch(key_id) else ": are the two swapped?"
    return f"it has the form of an access key id{other}"


def _longer(key_id: str, value: str) -> bool:
    return len(key_id) >= _LONG and len(value) < len(key_id) and not key_id.startswith(_LONG_IDS)


def _pairs(text: str, key_id: str) -> Iterator[Pair]:
    """Every key that the text holds in a form that is known."""
    yield from _of_json(text)
    rows = _rows(text)
    header = [_NAMES.get(_plain(cell)) for cell in rows[0]] if rows else []
    for row in rows[1:] if 1 in header else []:
        cells = {meaning: bare(cell) for meaning, cell in zip(header, row, strict=False) if meaning is not None}
        if cells.get(1):
            yield cells.get(0) or None, cells[1]
    for row in rows if key_id and 1 not in header else []:
        cells_after = [bare(cell) for cell in row]
        if key_id in cells_after[:-1] and (after := cells_after[cells_after.index(key_id) + 1]):
            yield key_id, after
    yield from _of_lines(text)


def _of_json(text: str) -> Iterator[Pair]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    for each in (found, *(found.values() if isinstance(found, dict) else ())):
        named = {_plain(str(name)): value for name, value in each.items()} if isinstance(each, dict) else {}
        secret, id = named.get("secretaccesskey"), named.get("accesskeyid")
        if isinstance(secret, str) and secret:
            yield id if isinstance(id, str) else None, secret


def _of_lines(text: str) -> Iterator[Pair]:
    """`aws_secret_access_key = ...`, and the like; the id is the one that stands with it."""
    said = [(_NAMES.get(_plain(name)), bare(value)) for name, value in _ASSIGNED.findall(text)]
    ids = [value for meaning, value in said if meaning == 0]
    secrets = [value for meaning, value in said if meaning == 1]
    if not ids:
        yield from ((None, secret) for secret in secrets)
    elif len(ids) == len(secrets):
        yield from zip(ids, secrets, strict=True)


def _rows(text: str) -> list[list[str]]:
    """The cells of each line, by the sign that separates them."""
    if not text or len(text) > 10_000:
        return []
    separator = next((sign for sign in (",", ";", "\t", ":") if sign in text), " ")
    try:
        return [
            row for row in csv.reader(text.splitlines(), delimiter=separator, skipinitialspace=True) if len(row) > 1
        ]
    except csv.Error:
        return []


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
