"""DeleteObjects: one request, one verdict for every key in it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

import xmltodict  # type: ignore[import-untyped]  # has no types; it is what moto reads XML with

from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Deletion:
    """The keys that may be deleted, as a body for moto, and the answer's lines for those that may not."""

    body: bytes | None
    errors: bytes


def split(operation: Operation, body: bytes, authorise: Callable[[Check], RefusedError | None]) -> Deletion:
    """Authorise each key. Raises RefusedError (MalformedXML) for a body that is not a list of keys."""
    objects, quiet = _objects(body)
    allowed: list[str] = []
    errors: list[str] = []
    for item in objects:
        key, version = item["Key"], item.get("VersionId")
        action = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
        context = {"s3:VersionId": (str(version),)} if version else {}
        resource = f"arn:aws:s3:::{operation.bucket}/{key}"
        refused = authorise(Check(action, resource, operation.account, operation.bucket, context=context))
        if refused is None:
            tail = f"<VersionId>{escape(version)}</VersionId>" if version else ""
            allowed.append(f"<Object><Key>{escape(key)}</Key>{tail}</Object>")
        else:
            line = f"<Key>{escape(key)}</Key><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>"
            errors.append(f"<Error>{line}</Error>")
    flag = "<Quiet>true</Quiet>" if quiet else ""
    request = f"<Delete>{flag}{''.join(allowed)}</Delete>".encode() if allowed else None
    return Deletion(request, "".join(errors).encode())


def join(body: bytes | None, errors: bytes) -> bytes:
    """moto's answer with the refused keys in it."""
    if body is None:
        head = b'<?xml version="1.0" encoding="UTF-8"?><DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        return head + errors + b"</DeleteResult>"
    if not errors:
        return body
    merged, count = re.subn(rb"</DeleteResult>", lambda _: errors + b"</DeleteResult>", body, count=1)
    if count:
        return merged
    return re.sub(
        rb"<DeleteResult([^>]*?)/>", lambda m: b"<DeleteResult" + m[1] + b">" + errors + b"</DeleteResult>", body
    )


def _objects(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    try:
        root = xmltodict.parse(body, strip_whitespace=False)["Delete"]
        items = root["Object"]
        objects = items if isinstance(items, list) else [items]
        keys = [item["Key"] for item in objects]
        quiet = str(root.get("Quiet", "")).strip().lower() == "true"
    except (ExpatError, KeyError, TypeError, AttributeError) as error:
        raise _malformed() from error
    if not all(isinstance(key, str) and key for key in keys) or len(keys) > _MOST:
        raise _malformed()
    return objects, quiet


def _malformed() -> RefusedError:
    return RefusedError(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", 400
    )
