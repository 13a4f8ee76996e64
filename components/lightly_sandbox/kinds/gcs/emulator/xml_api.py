"""Objects over the XML API, as obstore speaks it: https://cloud.google.com/storage/docs/xml-api/reference-methods."""

import base64
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.gcs.emulator import objects
from lightly_sandbox.kinds.gcs.emulator.buckets import Stored
from lightly_sandbox.kinds.gcs.emulator.errors import invalid, not_implemented, xml_answer
from lightly_sandbox.kinds.gcs.emulator.object_api import HEADERS, media
from lightly_sandbox.kinds.gcs.emulator.objects import Content, Wanted
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext
from lightly_sandbox.kinds.gcs.emulator.times import http_date, millis

NAMESPACE = 'xmlns="http://doc.s3.amazonaws.com/2006-03-01"'
_LIST = frozenset(
    {"list-type", "prefix", "delimiter", "continuation-token", "max-keys", "start-after", "encoding-type"}
)
_META = "x-goog-meta-"


def wanted(context: RequestContext) -> Wanted:
    """The preconditions of the headers. Raises RefusedError."""
    texts = [context.call.headers.get(f"x-goog-if-{name}") for name in ("generation-match", "metageneration-match")]
    for text in texts:
        if text is not None and not text.isdecimal():
            raise invalid(f"Invalid argument: {text!r} is no generation.")
    generation, metageneration = (None if text is None else int(text) for text in texts)
    return Wanted(generation, metageneration=metageneration)


def listing(context: RequestContext, bucket: str) -> Answer:
    """GET Bucket, version 2 of the listing."""
    found, query = context.store.bucket(bucket), context.call.query
    if unknown := {name for name in query if name.lower() not in _LIST and not name.lower().startswith("x-goog-")}:
        raise not_implemented(f"the query {min(unknown)} of a bucket")
    token = query.get("continuation-token")
    try:
        after = base64.urlsafe_b64decode(token).decode() if token else query.get("start-after")
    except ValueError as error:
        raise invalid("Invalid continuation token") from error
    asked: dict[str, Any] = {
        "prefix": query.get("prefix"),
        "delimiter": query.get("delimiter"),
        "after": after,
        "limit": context.call.number("max-keys"),
    }
    page = objects.page(context, found, asked)
    parts = [f"<Name>{bucket}</Name><Prefix>{escape(query.get('prefix', ''))}</Prefix>"]
    parts.append(f"<KeyCount>{len(page.items) + len(page.prefixes)}</KeyCount>")
    parts.append(f"<IsTruncated>{'true' if page.next is not None else 'false'}</IsTruncated>")
    if page.next is not None:
        place = base64.urlsafe_b64encode(page.next.encode()).decode()
        parts.append(f"<NextContinuationToken>{place}</NextContinuationToken>")
    parts += [_entry(item) for item in page.items]
    parts += [f"<CommonPrefixes><Prefix>{escape(prefix)}</Prefix></CommonPrefixes>" for prefix in page.prefixes]
    return xml_answer(200, f"<ListBucketResult {NAMESPACE}>{''.join(parts)}</ListBucketResult>")


def head_bucket(context: RequestContext, bucket: str) -> Answer:
    """Is it there, and may I see it."""
    context.needs_bucket("storage.buckets.get", context.store.bucket(bucket))
    return Answer(200)


def get(context: RequestContext, bucket: str, name: str) -> Answer:
    generation = context.call.number("generation")
    stored = objects.find(context, context.store.bucket(bucket), name, generation)
    wanted(context).check(stored)
    tag = f'"{stored.md5.hex()}"'
    if context.call.headers.get("if-none-match") == tag:
        return Answer(304, headers={"ETag": tag})
    response = media(context, stored)
    response.headers["Last-Modified"] = http_date(stored.updated)
    return response


def put(context: RequestContext, bucket: str, name: str) -> Answer:
    """PUT Object, or with x-goog-copy-source a copy."""
    found, headers = context.store.bucket(bucket), context.call.headers
    source = headers.get("x-goog-copy-source")
    if source is not None:
        from_bucket, _, from_name = unquote(source).lstrip("/").partition("/")
        stored = objects.copy(
            context, (context.store.bucket(from_bucket), from_name, None), (found, name), wanted(context)
        )
        etag, when = stored.md5.hex(), millis(stored.updated)
        text = f'<CopyObjectResult><ETag>"{etag}"</ETag><LastModified>{when}</LastModified></CopyObjectResult>'
        return told(xml_answer(200, text), stored)
    content = Content(context.call.body, headers.get("content-type", ""), *about(context))
    return told(Answer(200), objects.write(context, found, name, content, wanted(context)))


def delete(context: RequestContext, bucket: str, name: str) -> Answer:
    generation = context.call.number("generation")
    objects.remove(context, context.store.bucket(bucket), name, generation, wanted(context))
    return Answer(204)


def about(context: RequestContext) -> tuple[dict[str, str], dict[str, str]]:
    """What the headers say about the object, and its metadata."""
    headers = context.call.headers
    said = {field: headers[header] for field, header in HEADERS.items() if headers.get(header)}
    return said, {name[len(_META) :]: value for name, value in headers.items() if name.startswith(_META)}


def told(response: Answer, stored: Stored) -> Answer:
    """With the new version in the headers."""
    response.headers["ETag"] = f'"{stored.md5.hex()}"'
    response.headers["X-Goog-Generation"] = str(stored.generation)
    response.headers["X-Goog-Metageneration"] = str(stored.metageneration)
    return response


def _entry(stored: Stored) -> str:
    return (
        f"<Contents><Key>{escape(stored.name)}</Key><Generation>{stored.generation}</Generation>"
        f"<MetaGeneration>{stored.metageneration}</MetaGeneration><LastModified>{millis(stored.updated)}</LastModified>"
        f'<ETag>"{stored.md5.hex()}"</ETag><Size>{len(stored.data)}</Size></Contents>'
    )
