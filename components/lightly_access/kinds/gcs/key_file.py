"""The key file of a service account that somebody hands over: found in whatever it comes in, or refused for what it is.

A key file is JSON with a PEM in it, and both suffer on the way: a shell's quotes, base64 of a CI's secrets, line breaks
that became `\\n` or the other way round. Nothing here shows it.
"""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from lightly_access.kinds.handed_over import bare

_BASE64 = re.compile(r"[A-Za-z0-9+/]{80,}={0,2}")
_PATH = re.compile(r"(?:file:|~|\.{0,2}/|[A-Za-z]:\\)[^\n{}]*|[^\n{}\s]{1,200}\.(?:json|p12|pem|txt)")


def text_of(text: str) -> str:
    """The file's JSON text; the text itself where it is right already, or something else."""
    found = _opened(bare(text))
    if found is None:
        return bare(text)
    key, changed = found
    pem = key.get("private_key")
    if isinstance(pem, str) and "\\n" in pem:
        key, changed = {**key, "private_key": pem.replace("\\r", "").replace("\\n", "\n")}, True
    return json.dumps(key) if changed else bare(text)


def seen(text: str) -> str | None:
    """What it is, where it is no key file at all."""
    stripped = text.strip()
    if not stripped:
        return "it is empty"
    if "-----BEGIN" in stripped and "{" not in stripped:
        return "it is the private key alone: give the whole file"
    if _PATH.fullmatch(stripped):
        return "it is the name of a file: give what the file holds, as in `pulumi config set --secret NAME < FILE`"
    if stripped.startswith("{"):
        return "it is JSON that ends too soon or was changed: copy the file as it is"
    if re.fullmatch(r"AIza[\w-]{35}", stripped):
        return "it is an API key, which is no identity"
    if stripped.startswith("ya29."):
        return "it is an access token, which ends within the hour"
    if _BASE64.fullmatch("".join(stripped.split())):
        return "it is base64 of something that is no JSON, such as a .p12 file: make a key of type JSON"
    return None


def what_else(key: dict[str, Any]) -> str | None:
    """Which other file of Google's it is."""
    kind = key.get("type")
    if {"installed", "web"} & key.keys():
        return "it is the file of an OAuth client"
    return {
        "authorized_user": "it is a user's login (application default credentials)",
        "external_account": "it is a federated login, which holds no key",
        "impersonated_service_account": "it is a login that impersonates, which holds no key",
        "gdch_service_account": "it is a key of Google Distributed Cloud",
    }.get(kind if isinstance(kind, str) else "")


def _opened(text: str) -> tuple[dict[str, Any], bool] | None:
    """The table in the text, and whether it is written otherwise than JSON is."""
    for each in (text, *_readings(text)):
        found = _read(each, strict=False)  # so that line breaks themselves may stand in the PEM
        if isinstance(found, dict):
            return found, each is not text or _read(text) is None
    return None


def _readings(text: str) -> Iterator[str]:
    """What the text may have been before somebody copied it."""
    if isinstance(once := _read(f'"{text}"'), str):  # a text of JSON without its quotes
        yield once
    yield text.replace("\\n", "\n")
    joined = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if _BASE64.fullmatch(joined):
        try:
            yield base64.b64decode(joined + "=" * (-len(joined) % 4)).decode()
        except ValueError:
            return


def _read(text: str, *, strict: bool = True) -> Any:
    try:
        return json.loads(text, strict=strict)
    except (ValueError, RecursionError):
        return None
