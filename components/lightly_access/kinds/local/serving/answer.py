"""Status and headers of an answer, by RFC 9110 and the Fetch standard. Pure: no disk, no socket.

What Lightly's old helper lacked: ranges, validators, `Access-Control-Allow-Origin` on a GET, and a look at `Host`,
without which a page of anybody can read the mounts once its name points to 127.0.0.1 (DNS rebinding).
"""

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime

from lightly_access.kinds.local.serving.mounts import File, Refusal
from lightly_access.kinds.local.serving.ranges import Span, Unsatisfiable, span

PLATFORM = "https://app.lightly.ai"
"""The origin of Lightly's web application."""

METHODS = "GET, HEAD, OPTIONS"
ASKED_HEADERS = "Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, Cache-Control"
SHOWN_HEADERS = "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified"
_ACTIVE = {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}
_REFUSED = {Refusal.MALFORMED: 400, Refusal.MISSING: 404, Refusal.OUTSIDE: 404, Refusal.UNREADABLE: 403}

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A request: header names in lower case; `path` decoded exactly once; `hosts` every Host that it names."""

    method: str
    path: str
    hosts: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: a file or a part of one, or a text, or nothing."""

    status: int
    headers: Headers
    file: File | None = None
    part: Span | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask: names that `Host` may have (lower case, without port), and origins whose pages may read."""

    hosts: frozenset[str]
    origins: frozenset[str]


def answer(question: Question, rules: Rules, find: Callable[[str], File | Refusal]) -> Answer:
    """The answer to a request; `find` is asked only for a GET or HEAD that may be answered."""
    if refused := _stranger(question, rules):
        return refused
    shared = _sharing(question, rules)
    if question.method == "OPTIONS":
        return _preflight(question, rules, shared)
    if question.method not in ("GET", "HEAD"):
        return _text(405, f"only {METHODS} are answered here", [*shared, ("allow", METHODS)])
    found = find(question.path)
    if isinstance(found, Refusal):
        return _text(_REFUSED[found], found.value, shared)
    return _file(question, found, shared)


def host_name(host: str) -> str:
    """The name in a `Host` header: lower case, without port, brackets or a last dot."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name = host if host.count(":") > 1 else host.partition(":")[0]
    return name.removesuffix(".")


def _stranger(question: Question, rules: Rules) -> Answer | None:
    if not question.hosts:
        return _text(400, "the request names no host", [])
    for host in question.hosts:
        if host_name(host) not in rules.hosts:
            hint = "hint: lightly-access serve --allow-host <name> lets it answer to another name"
            return _text(421, f"this server does not answer to that host name\n{hint}", [])
    return None


def _sharing(question: Question, rules: Rules) -> Headers:
    origin = question.headers.get("origin")
    if "*" in rules.origins:
        return [("access-control-allow-origin", "*"), ("access-control-expose-headers", SHOWN_HEADERS)]
    if origin not in rules.origins:
        return [("vary", "Origin")]
    return [
        ("vary", "Origin"),
        ("access-control-allow-origin", origin),
        ("access-control-expose-headers", SHOWN_HEADERS),
    ]


def _preflight(question: Question, rules: Rules, shared: Headers) -> Answer:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch, https://wicg.github.io/private-network-access/."""
    if "origin" in question.headers and len(shared) == 1:
        return _text(403, "pages of that origin may not read from here", shared)
    headers = [*shared, ("allow", METHODS), ("access-control-allow-methods", METHODS)]
    headers += [("access-control-allow-headers", ASKED_HEADERS), ("access-control-max-age", "600")]
    if question.headers.get("access-control-request-private-network") == "true":
        headers.append(("access-control-allow-private-network", "true"))
    return Answer(204, headers)


def _file(question: Question, file: File, shared: Headers) -> Answer:
    tag = f'"{file.modified_ns:x}-{file.size:x}"'
    seconds = file.modified_ns // 1_000_000_000
    changed = formatdate(seconds, usegmt=True)
    # no-cache: keep it, and ask each time whether it is still the same; images may be replaced between two runs
    headers = [*shared, ("etag", tag), ("last-modified", changed), ("cache-control", "no-cache")]
    asked = question.headers
    if _failed(asked, tag, seconds):
        return _text(412, "the file is another one by now", headers)
    if _unchanged(asked, tag, seconds):
        return Answer(304, headers)
    headers += [("accept-ranges", "bytes"), *_type(file.path)]
    part = None
    if question.method == "GET" and _may_be_part(asked.get("if-range"), tag, changed):
        wanted = span(asked.get("range"), file.size)
        if isinstance(wanted, Unsatisfiable):
            return _text(416, "the file has no such bytes", [*shared, ("content-range", f"bytes */{file.size}")])
        part = wanted
    if part is None:
        return Answer(200, [*headers, ("content-length", str(file.size))], file)
    start, end = part
    headers += [("content-range", f"bytes {start}-{end - 1}/{file.size}"), ("content-length", str(end - start))]
    return Answer(206, headers, file, part)


def _type(path: str) -> Headers:
    """The media type by the name alone; what a browser would run as a page runs without any right."""
    kind, encoding = mimetypes.guess_type(path)
    if kind is None or encoding:
        kind = "application/octet-stream"
    headers = [("content-type", kind), ("x-content-type-options", "nosniff")]
    return [*headers, ("content-security-policy", "sandbox; default-src 'none'")] if kind in _ACTIVE else headers


def _failed(asked: Mapping[str, str], tag: str, seconds: int) -> bool:
    """RFC 9110 sections 13.1.1 and 13.1.4."""
    if (wanted := asked.get("if-match")) is not None:
        return wanted.strip() != "*" and tag not in _tags(wanted)
    when = _time(asked.get("if-unmodified-since"))
    return when is not None and seconds > when


def _unchanged(asked: Mapping[str, str], tag: str, seconds: int) -> bool:
    """RFC 9110 sections 13.1.2 and 13.1.3: the tag decides alone where it is given, compared weakly."""
    if (known := asked.get("if-none-match")) is not None:
        return known.strip() == "*" or tag in (one.removeprefix("W/") for one in _tags(known))
    when = _time(asked.get("if-modified-since"))
    return when is not None and seconds <= when


def _may_be_part(condition: str | None, tag: str, changed: str) -> bool:
    """RFC 9110 section 13.1.5: a part only of the very file that the asker has the rest of."""
    return condition is None or condition.strip() in (tag, changed)


def _tags(text: str) -> list[str]:
    return [one.strip() for one in text.split(",")]  # our own tags hold no comma


def _time(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def _text(status: int, text: str, headers: Headers) -> Answer:
    return Answer(status, [*headers, ("content-type", "text/plain; charset=utf-8")], text=f"{text}\n")
