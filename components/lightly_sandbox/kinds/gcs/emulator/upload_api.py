"""Uploads over the JSON API: simple media, multipart/related, resumable.

https://cloud.google.com/storage/docs/uploads-downloads; the address of a resumable session is a secret that stands for
its maker's right: the bytes need no token (https://cloud.google.com/storage/docs/resumable-uploads#session-uris).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator import objects
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket, Upload
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid, not_implemented
from lightly_sandbox.kinds.gcs.emulator.object_api import FIELDS, checked_name, show, wanted
from lightly_sandbox.kinds.gcs.emulator.objects import Content
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_KNOWN = frozenset({*FIELDS, "name", "bucket", "contentType", "metadata", "storageClass"})


def insert(context: RequestContext, bucket: str) -> Answer:
    """A new object, in one of three ways."""
    found = context.store.bucket(bucket)
    match context.call.query.get("uploadType"):
        case "media":
            return _media(context, found)
        case "multipart":
            return _multipart(context, found)
        case "resumable":
            return _begin(context, found)
    raise invalid("Invalid argument: uploadType is media, multipart or resumable.")


def _media(context: RequestContext, bucket: Bucket) -> Answer:
    name = checked_name(context.call.query.get("name"))
    content = Content(context.call.body, context.call.headers.get("content-type", ""))
    return json_answer(200, show(bucket, objects.write(context, bucket, name, content, wanted(context))))


def _multipart(context: RequestContext, bucket: Bucket) -> Answer:
    about, content_type, data = _parts(context.call.headers.get("content-type", ""), context.call.body)
    name = checked_name(about.get("name") or context.call.query.get("name"))
    content = _content(about, data, content_type)
    return json_answer(200, show(bucket, objects.write(context, bucket, name, content, wanted(context))))


def _begin(context: RequestContext, bucket: Bucket) -> Answer:
    about = context.call.json()
    name = checked_name(about.get("name") or context.call.query.get("name"))
    context.needs_to_put(bucket, name)
    upload = Upload(
        bucket.name,
        name,
        context.call.headers.get("x-upload-content-type", ""),
        {},
        (about, wanted(context), context.caller),
    )
    id = context.store.begin(upload)
    where = f"http://{context.call.host}/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&upload_id={id}"
    return Answer(200, headers={"Location": where, "X-GUploader-UploadID": id})


def resume(context: RequestContext, bucket: str) -> Answer:
    """Bytes of a resumable upload: 308 until all are there. Whoever knows the session needs no token."""
    id = context.call.query.get("upload_id", "")
    upload, found = context.store.uploads.get(id), context.store.bucket(bucket)
    if upload is None or upload.bucket != bucket or upload.wanted is None:
        raise RefusedError(404, "notFound", "Not Found", "NoSuchUpload")
    header = context.call.headers.get("content-range")
    match = _RANGE.fullmatch(header or f"bytes 0-{len(context.call.body) - 1}/{len(context.call.body)}")
    if header and not match:
        raise invalid("Invalid Content-Range")
    if match and match[1] is not None:
        _append(upload, int(match[1]), context.call.body)
    total = match[3] if match else "0"
    if total == "*" or int(total) != len(upload.data):
        have = {"Range": f"bytes=0-{len(upload.data) - 1}"} if upload.data else {}
        return Answer(308, headers=have)
    about, conditions, context.caller = upload.wanted
    context.needs_to_put(found, upload.name)  # something may be there now that was not there when it began
    content = _content(about, bytes(upload.data), upload.content_type)
    stored = objects.put(context, found, upload.name, content, conditions)
    del context.store.uploads[id]
    return json_answer(200, show(found, stored))


def cancel(context: RequestContext, bucket: str) -> Answer:
    """Give up a resumable upload: Google answers 499."""
    upload = context.store.uploads.get(context.call.query.get("upload_id", ""))
    if upload is None or upload.bucket != bucket:
        raise RefusedError(404, "notFound", "Not Found", "NoSuchUpload")
    del context.store.uploads[context.call.query["upload_id"]]
    return Answer(499)


def _append(upload: Upload, start: int, data: bytes) -> None:
    if start > len(upload.data):
        raise RefusedError(503, "backendError", "Invalid request. The bytes before these are not here yet.")
    upload.data[start:] = data


def _content(about: Mapping[str, Any], data: bytes, content_type: str) -> Content:
    unknown = about.keys() - _KNOWN
    if unknown:
        raise not_implemented(f"the object setting {min(unknown)}")
    headers = {name: str(about[name]) for name in FIELDS if about.get(name)}
    metadata = {str(key): str(value) for key, value in (about.get("metadata") or {}).items()}
    kind = str(about.get("contentType") or content_type)
    return Content(data, kind, headers, metadata, str(about.get("storageClass") or ""))


def _parts(header: str, body: bytes) -> tuple[dict[str, Any], str, bytes]:
    """The resource, the type of the data and the data of a multipart/related body (RFC 2387)."""
    kind, _, parameter = header.partition("boundary=")
    boundary = parameter.partition(";")[0].strip().strip("\"'").encode()
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary) if boundary else []
    if not kind.strip().startswith("multipart/related") or len(pieces) != 4 or not pieces[3].startswith(b"--"):
        raise invalid("Malformed multipart body.")
    (_, first), (second_head, second) = _part(pieces[1]), _part(pieces[2])
    try:
        about = json.loads(first or b"{}")
    except ValueError as error:
        raise RefusedError(400, "parseError", "Parse Error") from error
    if not isinstance(about, dict):
        raise RefusedError(400, "parseError", "Parse Error")
    return about, second_head.get("content-type", ""), second


def _part(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = [line.partition(":") for line in head.decode("latin-1").split("\r\n")]
    return {name.strip().lower(): value.strip() for name, _, value in lines}, body
