"""The few lines between granian and the answers.

RSGI, granian's own interface (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md): it sends
bytes at once, and a file or a part of one by its path, without a byte passing through Python. Granian decodes the path
exactly once.

Not starlette's StaticFiles: on granian's ASGI, which sends files by their path as well, it answered 930, 2800 and 3100
requests a second over 2, 16 and 64 connections, and this 2500, 6600 and 8000 (starlette 1.10, granian 2.8, two cores,
side by side as in tests/bench/serve.py). It also looks at no Host, and follows what it is told about symbolic links.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from lightly_access.kinds.local.serving.answer import Answer, Question, Rules, answer
from lightly_access.kinds.local.serving.mounts import File, Refusal
from lightly_access.kinds.local.serving.ranges import Span

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

_AT_ONCE = 1 << 20
"""Bytes that are read here. Granian hands a file over in small pieces, each to another thread and back, and on a busy
machine waits for each: for parts of images that took twice the processor's time and five times as long."""

_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""A link that was put there meanwhile is not followed, and a pipe is not waited for."""


class App:
    """Answers requests over some mounts."""

    def __init__(self, rules: Rules, find: Callable[[str], File | Refusal]) -> None:
        self._rules, self._find = rules, find

    async def __rsgi__(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        try:
            found = answer(_question(scope), self._rules, self._find)
        except Exception:  # the edge: what was not foreseen must not show paths of this machine
            protocol.response_str(500, [("content-type", "text/plain")], "this was not foreseen\n")
            raise
        _send(found, scope.method, protocol)


def _question(scope: "Scope") -> Question:
    headers = scope.headers
    hosts = headers.get_all("host")  # type: ignore[attr-defined]  # granian's own stub forgets it
    named = (*hosts, scope.authority) if scope.authority else tuple(hosts)
    return Question(scope.method, scope.path, named, dict(headers.items()))


def _send(found: Answer, method: str, protocol: "HTTPProtocol") -> None:
    if found.file and method != "HEAD":
        _send_file(found, found.file, found.part or (0, found.file.size), protocol)
    elif found.text:
        protocol.response_str(found.status, found.headers, found.text)
    else:
        protocol.response_empty(found.status, found.headers)


def _send_file(found: Answer, file: File, part: Span, protocol: "HTTPProtocol") -> None:
    start, end = part
    if end - start <= _AT_ONCE and (content := _read(file.path, start, end)) is not None:
        protocol.response_bytes(found.status, found.headers, content)
    elif part == (0, file.size):
        protocol.response_file(found.status, found.headers, file.path)
    else:
        protocol.response_file_range(found.status, found.headers, file.path, start, end)


def _read(path: str, start: int, end: int) -> bytes | None:
    """The bytes of a part; None where they are not all there, or cannot be read: then granian says what it says."""
    try:
        number = os.open(path, _READING)
    except OSError:
        return None
    try:
        content = os.pread(number, end - start, start)
    except OSError:
        return None
    finally:
        os.close(number)
    return content if len(content) == end - start else None
