"""Blob Batch: every part is a request of its own, decided as if it had come alone.

Source: https://learn.microsoft.com/rest/api/storageservices/blob-batch. Parts delete blobs or set their tier; a part
carries its own authorisation. A token for a directory cannot ask for a batch: the directory that its signature is for
is not in the path of the batch. (obstore deletes by batch, even a single blob; the SDK's delete_blob does not.)
"""

import re
import secrets
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.client import responses

from lightly_sandbox.emulators import messages
from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator import operation
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request, read
from lightly_sandbox.kinds.azure.emulator.sas import Place, unauthenticated

_MOST = 256
_ALLOWED = ("DeleteBlob", "SetBlobTier")


def answer(request: Request, where: Place, one: Callable[[Request], Answer]) -> Answer:
    """The answers of all parts in one.

    Raises RefusedError for a body that is no batch, or goes outside of its place.
    """
    if request.query.get("sr") == "d":
        raise unauthenticated("Signature did not match")
    match = re.fullmatch(r'multipart/mixed;\s*boundary="?([^"]+)"?', request.headers.get("content-type", ""))
    if not match:
        raise RefusedError("InvalidHeaderValue", "The Content-Type of a batch is multipart/mixed with a boundary", 400)
    pieces = request.body.split(b"--" + match[1].encode())[1:-1]
    if not 1 <= len(pieces) <= _MOST:
        raise RefusedError("InvalidInput", f"got {len(pieces)} parts, expected 1 to {_MOST}", 400)
    boundary, parts = f"batchresponse_{secrets.token_hex(16)}", []
    for piece in pieces:
        id, sub = _part(request, where, piece)
        parts.append(_written(boundary, id, one(sub)))
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return Answer(202, {"Content-Type": f"multipart/mixed; boundary={boundary}"}, body)


def _part(request: Request, where: Place, piece: bytes) -> tuple[str, Request]:
    outer, _, inner = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    line, _, rest = inner.partition(b"\r\n")
    words = line.decode("latin-1").split(" ")
    if len(words) != 3:
        raise RefusedError("InvalidInput", "a part of the batch has no request line", 400)
    parser = BytesParser(policy=HTTP)
    headers = [(name, str(value).strip()) for name, value in parser.parsebytes(rest.partition(b"\r\n\r\n")[0]).items()]
    inherited = [(name, request.headers[name]) for name in ("host", "x-ms-version") if name in request.headers]
    headers = [
        header for header in headers if header[0].lower() not in ("content-length", "host", "x-ms-version")
    ] + inherited
    sub = read(messages.Request(words[0].upper(), words[1], tuple(headers), b"", request.source_ip, request.tls))
    inside = operation.place(sub)
    if operation.name(sub, inside) not in _ALLOWED:
        raise RefusedError("InvalidInput", "a part of a batch deletes a blob or sets its tier", 400)
    if inside.account != where.account or (where.container and inside.container != where.container):
        raise RefusedError("InvalidInput", "a part of the batch is outside of the container that the batch is for", 400)
    id = parser.parsebytes(outer + b"\r\n\r\n").get("content-id", "")
    return str(id), sub


def _written(boundary: str, id: str, answered: Answer) -> bytes:
    head = f"--{boundary}\r\nContent-Type: application/http\r\n" + (f"Content-ID: {id}\r\n" if id else "")
    lines = [f"HTTP/1.1 {answered.status} {responses.get(answered.status, '')}"]
    lines += [f"{name}: {value}" for name, value in answered.headers.items() if name.lower() != "content-length"]
    lines.append(f"Content-Length: {len(answered.body)}")
    return (head + "\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + answered.body + b"\r\n"
