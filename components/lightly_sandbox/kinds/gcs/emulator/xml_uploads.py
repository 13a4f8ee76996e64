"""Multipart uploads over the XML API: https://cloud.google.com/storage/docs/multipart-uploads.

They have permissions of their own: storage.multipartUploads.create beside storage.objects.create, and
storage.multipartUploads.abort (https://cloud.google.com/storage/docs/access-control/iam-xml).
"""

import hashlib
import re
from xml.sax.saxutils import escape

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.gcs.emulator import names, objects
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket, Upload
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid, xml_answer
from lightly_sandbox.kinds.gcs.emulator.objects import Content
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext
from lightly_sandbox.kinds.gcs.emulator.xml_api import NAMESPACE, about, told, wanted

_PART = re.compile(rb"<Part>(.*?)</Part>", re.DOTALL)
_NUMBER = re.compile(rb"<PartNumber>(\d+)</PartNumber>")
_ETAG = re.compile(rb"<ETag>(?:&quot;|\")?([0-9a-f]{32})(?:&quot;|\")?</ETag>")
_SMALLEST = 5 << 20  # bytes of any part but the last


def begin(context: RequestContext, bucket: str, name: str) -> Answer:
    found = context.store.bucket(bucket)
    names.check_object(name)
    _needs(context, found, name)
    headers, metadata = about(context)
    upload = Upload(bucket, name, context.call.headers.get("content-type", ""), metadata)
    upload.headers = headers
    id = context.store.begin(upload)
    where = f"<Bucket>{bucket}</Bucket><Key>{escape(name)}</Key><UploadId>{id}</UploadId>"
    return xml_answer(200, f"<InitiateMultipartUploadResult {NAMESPACE}>{where}</InitiateMultipartUploadResult>")


def part(context: RequestContext, bucket: str, name: str) -> Answer:
    found = context.store.bucket(bucket)
    _needs(context, found, name)
    upload, number = _upload(context, bucket, name), context.call.number("partNumber") or 0
    if not 1 <= number <= 10000:
        raise invalid("Part number must be an integer between 1 and 10000, inclusive.")
    upload.parts[number] = context.call.body
    return Answer(200, headers={"ETag": f'"{_tag(context.call.body)}"'})


def complete(context: RequestContext, bucket: str, name: str) -> Answer:
    """POST ?uploadId: the parts in the order of their numbers, and the right to overwrite is asked only now."""
    found = context.store.bucket(bucket)
    _needs(context, found, name)
    upload = _upload(context, bucket, name)
    data = bytearray()
    listed = [(_NUMBER.search(entry), _ETAG.search(entry)) for entry in _PART.findall(context.call.body)]
    for index, (number, etag) in enumerate(listed):
        piece = upload.parts.get(int(number[1])) if number else None
        if piece is None or (etag is not None and etag[1].decode() != _tag(piece)):
            raise RefusedError(400, "invalid", "One or more of the specified parts could not be found.", "InvalidPart")
        if index < len(listed) - 1 and len(piece) < _SMALLEST:
            raise RefusedError(
                400, "invalid", "Your proposed upload is smaller than the minimum allowed size", "EntityTooSmall"
            )
        data += piece
    if not listed:
        raise RefusedError(400, "invalid", "The XML you provided was not well-formed.", "MalformedXML")
    content = Content(bytes(data), upload.content_type, upload.headers, upload.metadata)
    stored = objects.write(context, found, name, content, wanted(context))
    del context.store.uploads[context.call.query["uploadId"]]
    told_ = f"<Bucket>{bucket}</Bucket><Key>{escape(name)}</Key><ETag>&quot;{stored.md5.hex()}&quot;</ETag>"
    return told(
        xml_answer(200, f"<CompleteMultipartUploadResult {NAMESPACE}>{told_}</CompleteMultipartUploadResult>"), stored
    )


def abort(context: RequestContext, bucket: str, name: str) -> Answer:
    found = context.store.bucket(bucket)
    context.needs_object("storage.multipartUploads.abort", found, name)
    _upload(context, bucket, name)
    del context.store.uploads[context.call.query["uploadId"]]
    return Answer(204)


def _needs(context: RequestContext, bucket: Bucket, name: str) -> None:
    context.needs_object("storage.multipartUploads.create", bucket, name)
    context.needs_object("storage.objects.create", bucket, name)


def _upload(context: RequestContext, bucket: str, name: str) -> Upload:
    upload = context.store.uploads.get(context.call.query.get("uploadId", ""))
    if upload is None or upload.wanted is not None or (upload.bucket, upload.name) != (bucket, name):
        raise RefusedError(404, "notFound", "The requested upload was not found.", "NoSuchUpload")
    return upload


def _tag(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
