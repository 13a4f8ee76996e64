"""Objects over the JSON API: https://cloud.google.com/storage/docs/json_api/v1/objects."""

import base64
from typing import Any
from urllib.parse import quote

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator import names, objects
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket, Stored
from lightly_sandbox.kinds.gcs.emulator.errors import invalid, not_implemented
from lightly_sandbox.kinds.gcs.emulator.objects import Wanted
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext
from lightly_sandbox.kinds.gcs.emulator.times import millis

FIELDS = ("cacheControl", "contentDisposition", "contentEncoding", "contentLanguage")
HEADERS = dict(
    zip(FIELDS, ("cache-control", "content-disposition", "content-encoding", "content-language"), strict=True)
)


def wanted(context: RequestContext) -> Wanted:
    number = context.call.number
    return Wanted(number("ifGenerationMatch"), number("ifGenerationNotMatch"), number("ifMetagenerationMatch"))


def get(context: RequestContext, bucket: str, name: str) -> Answer:
    """Its resource, or with `alt=media` its data."""
    found = context.store.bucket(bucket)
    stored = objects.find(context, found, name, context.call.number("generation"))
    wanted(context).check(stored)
    return media(context, stored) if context.call.query.get("alt") == "media" else json_answer(200, show(found, stored))


def download(context: RequestContext, bucket: str, name: str) -> Answer:
    return media(context, objects.find(context, context.store.bucket(bucket), name, context.call.number("generation")))


def media(context: RequestContext, stored: Stored) -> Answer:
    """The data or a range of it, with what both APIs say in headers."""
    part = objects.span(context.call.headers.get("range"), len(stored.data))
    start, end = part or (0, len(stored.data) - 1)
    headers = {"Content-Type": stored.content_type}
    response = Answer(206 if part else 200, headers, stored.data[start : end + 1])
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end}/{len(stored.data)}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{stored.md5.hex()}"'
    response.headers["X-Goog-Generation"] = str(stored.generation)
    response.headers["X-Goog-Metageneration"] = str(stored.metageneration)
    response.headers["X-Goog-Storage-Class"] = stored.storage_class
    response.headers["X-Goog-Hash"] = f"crc32c={stored.crc},md5={base64.b64encode(stored.md5).decode()}"
    response.headers["X-Goog-Stored-Content-Length"] = str(len(stored.data))
    for field, value in stored.headers.items():
        response.headers[HEADERS[field]] = value
    for key, value in stored.metadata.items():
        response.headers[f"x-goog-meta-{key}"] = value
    return response


def listing(context: RequestContext, bucket: str) -> Answer:
    found, query = context.store.bucket(bucket), context.call.query
    limit = context.call.number("maxResults")
    if limit == 0:
        raise invalid("Invalid value '0' for maxResults.")
    if query.get("matchGlob"):
        raise not_implemented("the parameter matchGlob")
    asked: dict[str, Any] = {
        "prefix": query.get("prefix"),
        "delimiter": query.get("delimiter"),
        "start": query.get("startOffset"),
        "end": query.get("endOffset"),
        "versions": query.get("versions") == "true",
        "after": _place(query.get("pageToken")),
        "limit": limit,
    }
    page = objects.page(context, found, asked)
    answer: dict[str, Any] = {"kind": "storage#objects"}
    if page.next is not None:
        answer["nextPageToken"] = base64.urlsafe_b64encode(page.next.encode()).decode()
    if page.prefixes:
        answer["prefixes"] = page.prefixes
    if page.items:
        answer["items"] = [show(found, item) for item in page.items]
    return json_answer(200, answer)


def patch(context: RequestContext, bucket: str, name: str) -> Answer:
    """Change what is said about it; null takes a metadata entry away."""
    found = context.store.bucket(bucket)
    context.needs_object("storage.objects.update", found, name)
    stored = objects.find(context, found, name)
    wanted(context).check(stored)
    given = context.call.json()
    if unknown := given.keys() - {*FIELDS, "contentType", "metadata"}:
        raise not_implemented(f"changing {min(unknown)}")
    stored.content_type = given.get("contentType", stored.content_type)
    stored.headers = {
        k: v for k, v in {**stored.headers, **{k: given.get(k, stored.headers.get(k)) for k in FIELDS}}.items() if v
    }
    merged = {**stored.metadata, **(given.get("metadata") or {})}
    stored.metadata = {key: value for key, value in merged.items() if value is not None}
    stored.metageneration, stored.updated = stored.metageneration + 1, context.now
    return json_answer(200, show(found, stored))


def delete(context: RequestContext, bucket: str, name: str) -> Answer:
    """The live object, or with `generation` one version for good."""
    found = context.store.bucket(bucket)
    objects.remove(context, found, name, context.call.number("generation"), wanted(context))
    return Answer(204)


def copy(context: RequestContext, bucket: str, name: str, to_bucket: str, to_name: str) -> Answer:
    """copyTo: the new object's resource."""
    target = context.store.bucket(to_bucket)
    return json_answer(200, show(target, _copied(context, bucket, name, target, to_name)))


def rewrite(context: RequestContext, bucket: str, name: str, to_bucket: str, to_name: str) -> Answer:
    """rewriteTo: always done in one call here, which Google allows."""
    target = context.store.bucket(to_bucket)
    stored = _copied(context, bucket, name, target, to_name)
    size = str(len(stored.data))
    answer = {"kind": "storage#rewriteResponse", "totalBytesRewritten": size, "objectSize": size, "done": True}
    return json_answer(200, {**answer, "resource": show(target, stored)})


def _copied(context: RequestContext, bucket: str, name: str, target: Bucket, to_name: str) -> Stored:
    source = (context.store.bucket(bucket), name, context.call.number("sourceGeneration"))
    if context.call.json():
        raise not_implemented("other metadata for a copy")
    return objects.copy(context, source, (target, to_name), wanted(context))


def show(bucket: Bucket, stored: Stored) -> dict[str, Any]:
    """The resource as the API answers it."""
    where = f"https://www.googleapis.com/storage/v1/b/{bucket.name}/o/{quote(stored.name, safe='')}"
    media_link = where.replace("/storage/v1/", "/download/storage/v1/", 1)
    shown = {
        "kind": "storage#object",
        "id": f"{bucket.name}/{stored.name}/{stored.generation}",
        "selfLink": where,
        "mediaLink": f"{media_link}?generation={stored.generation}&alt=media",
        "name": stored.name,
        "bucket": bucket.name,
        "generation": str(stored.generation),
        "metageneration": str(stored.metageneration),
        "contentType": stored.content_type,
        "storageClass": stored.storage_class,
        "size": str(len(stored.data)),
        "md5Hash": base64.b64encode(stored.md5).decode(),
        "crc32c": stored.crc,
        "etag": base64.b64encode(f"{stored.generation}/{stored.metageneration}".encode()).decode(),
        "timeCreated": millis(stored.created),
        "updated": millis(stored.updated),
        "timeDeleted": None if stored.gone is None else millis(stored.gone),
        "metadata": stored.metadata or None,
        **stored.headers,
    }
    return {name: value for name, value in shown.items() if value is not None}


def checked_name(name: str | None) -> str:
    """The name of an object that is to be written. Raises RefusedError."""
    names.check_object(name or "")
    return name or ""


def _place(token: str | None) -> str:
    try:
        return base64.urlsafe_b64decode(token or "").decode()
    except ValueError as error:
        raise invalid("Invalid pageToken") from error
