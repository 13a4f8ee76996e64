"""A request as it came over the wire, and what goes back."""

import json
from dataclasses import dataclass, field

HOSTS = ("127.0.0.1", "localhost")
"""The host names that a server answers to: a foreign one may be a web page that tries its luck (DNS rebinding)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Nothing is decoded: what has two readings is for each cloud to refuse.

    `tls` is the version of the connection's TLS, such as `TLSv1.3`; empty for plain HTTP. `complete` is False when the
    body is longer than the listener takes, or nobody can tell how long it is: then it was not read.
    """

    method: str
    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    address: str
    tls: str = ""
    complete: bool = True

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The first value of a header, or nothing; `name` is in lower case."""
        return next((value for known, value in self.headers if known.lower() == name), "")


@dataclass(slots=True)
class Answer:
    """What goes back over the wire. The answer to a HEAD may have its body: it is not sent, only its length."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_answer(status: int, value: object, **headers: str) -> Answer:
    text = json.dumps(value, ensure_ascii=False)
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **headers}, text.encode())
