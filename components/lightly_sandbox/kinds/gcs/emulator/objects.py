"""What both APIs do with objects: conditions, reading, writing, deleting, listing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_sandbox.kinds.gcs.emulator import names
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket, Stored
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid, no_object, precondition
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Preconditions on generations and metagenerations; a wanted generation of 0 means that there is no live object.

    https://cloud.google.com/storage/docs/request-preconditions
    """

    generation: int | None = None
    not_generation: int | None = None
    metageneration: int | None = None

    def check(self, stored: Stored | None) -> None:
        """Raises RefusedError (412) when they do not hold."""
        generation = stored.generation if stored else 0
        metageneration = stored.metageneration if stored else 0
        bad = self.generation not in (None, generation) or self.metageneration not in (None, metageneration)
        if bad or (self.not_generation is not None and self.not_generation == generation):
            raise precondition()


@dataclass(frozen=True, slots=True)
class Content:
    """What is written: the data and what is said about it."""

    data: bytes = field(repr=False)
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    storage_class: str = ""


def find(context: RequestContext, bucket: Bucket, name: str, generation: int | None = None) -> Stored:
    """The object, for a caller who may read it. Raises RefusedError: 403 before 404."""
    context.needs_object("storage.objects.get", bucket, name)
    stored = bucket.version(name, generation)
    if stored is None:
        raise no_object(bucket.name, name)
    return stored


def write(context: RequestContext, bucket: Bucket, name: str, content: Content, wanted: Wanted) -> Stored:
    """Put it, for a caller who may: rights first, then conditions. Raises RefusedError."""
    names.check_object(name)
    context.needs_to_put(bucket, name)
    return put(context, bucket, name, content, wanted)


def put(context: RequestContext, bucket: Bucket, name: str, content: Content, wanted: Wanted) -> Stored:
    """Put it for a caller who was authorised before. Raises RefusedError when the conditions do not hold."""
    wanted.check(bucket.objects.get(name))
    stored = Stored(
        name,
        content.data,
        context.store.generation(),
        context.now,
        content.content_type or "application/octet-stream",
        dict(content.headers),
        dict(content.metadata),
        content.storage_class or str(bucket.settings["storageClass"]),
        updated=context.now,
    )
    bucket.put(stored)
    return stored


def remove(context: RequestContext, bucket: Bucket, name: str, generation: int | None, wanted: Wanted) -> None:
    """Delete it. Raises RefusedError, also when it is not there."""
    context.needs_object("storage.objects.delete", bucket, name)
    stored = bucket.version(name, generation)
    if stored is None:
        raise no_object(bucket.name, name)
    wanted.check(stored)
    bucket.remove(name, generation, context.now)


def copy(
    context: RequestContext, source: tuple[Bucket, str, int | None], target: tuple[Bucket, str], wanted: Wanted
) -> Stored:
    """Copy an object: reading the source and writing the target are authorised both."""
    found = find(context, *source)
    content = Content(found.data, found.content_type, found.headers, found.metadata)
    return write(context, *target, content, wanted)


@dataclass(slots=True)
class Page:
    """One page of a listing. `next` is where to go on, None at the end."""

    items: list[Stored] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    next: str | None = None


def page(context: RequestContext, bucket: Bucket, asked: Mapping[str, Any]) -> Page:
    """A page of names below a prefix; `asked`: prefix, delimiter, after, start, end, versions, limit.

    The caller needs storage.objects.list on the bucket, where a condition sees the prefix.
    """
    prefix, delimiter = str(asked.get("prefix") or ""), str(asked.get("delimiter") or "")
    context.needs_bucket("storage.objects.list", bucket, prefix)
    limit = min(int(asked.get("limit") or LARGEST_PAGE), LARGEST_PAGE)
    if limit < 1:
        raise invalid("Invalid unsigned integer value: 'maxResults' is at least 1.")
    found, last = Page(), ""
    for stored in bucket.all(versions=bool(asked.get("versions"))):
        entry = _entry(stored.name, prefix, delimiter)
        if entry is None or not _within(stored.name, entry, asked) or (entry != stored.name and entry == last):
            continue
        if len(found.items) + len(found.prefixes) == limit:
            found.next = last
            return found
        last = entry
        if entry == stored.name:
            found.items.append(stored)
        else:
            found.prefixes.append(entry)
    return found


def _entry(name: str, prefix: str, delimiter: str) -> str | None:
    """The name itself, or the common prefix that stands for it; None when it is not below the prefix."""
    if not name.startswith(prefix):
        return None
    head, separator, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
    return f"{prefix}{head}{separator}" if separator else name


def _within(name: str, entry: str, asked: Mapping[str, Any]) -> bool:
    after, start, end = asked.get("after") or "", asked.get("start") or "", asked.get("end")
    # a common prefix that was on an earlier page is not shown again
    return entry.encode() > after.encode() and name >= start and (not end or name < end)


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of a Range header; None for all of it.

    Raises RefusedError (416) when it lies outside. A header that is not understood is ignored, as RFC 9110 14.2 asks.
    """
    first, dash, last = (header or "").removeprefix("bytes=").partition("-")
    if not header or not header.startswith("bytes=") or not dash or not (first + last).isdecimal():
        return None
    if not first:
        start, end = max(size - int(last), 0), size - 1
        outside = int(last) == 0 or size == 0
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        outside = start >= size or (bool(last) and int(last) < start)
    if outside:
        raise RefusedError(416, "requestedRangeNotSatisfiable", "Request range not satisfiable", "InvalidRange")
    return start, end
