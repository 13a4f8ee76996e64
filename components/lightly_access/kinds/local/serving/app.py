"""The few lines between granian and the answers.

RSGI, granian's own interface (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md): it sends a
whole file or a part of one by its path, without a byte passing through Python. Granian decodes the path exactly once.

Not starlette's StaticFiles: on granian's ASGI, which sends files by their path as well, it answered 930, 2800 and 3100
requests a second over 2, 16 and 64 connections, and this 2500, 6600 and 8000 (starlette 1.10, granian 2.8, two cores,
side by side as in tests/bench/serve.py). It also looks at no Host, and follows what it is told about symbolic links.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lightly_access.kinds.local.serving.answer import Answer, Question, Rules, answer
from lightly_access.kinds.local.serving.mounts import File, Refusal

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope


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
        if found.part:
            protocol.response_file_range(found.status, found.headers, found.file.path, *found.part)
        else:
            protocol.response_file(found.status, found.headers, found.file.path)
    elif found.text:
        protocol.response_str(found.status, found.headers, found.text)
    else:
        protocol.response_empty(found.status, found.headers)
