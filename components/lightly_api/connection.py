"""Requests to one Lightly server with one token: asked again while that may help, read, and refused in words.

The token travels in the query, as Lightly's own client 1.5.26 has it; no URL is ever part of a message. Unknown fields
in answers are ignored.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from lightly_core.scrub import Scrubber
from lightly_core.secret import Secret

from lightly_api.errors import RefusedError, UnreadableAnswerError
from lightly_api.retry import RetryPolicy, TransientError
from lightly_api.transport import NoAnswerError, Request, Response, Transport

T = TypeVar("T")
CREATOR = "USER_PIP"
"""What Lightly's client says of who made something."""
_DETAIL = 300  # characters of a refusal


class Connection:
    """Every method raises LightlyError with a sentence that can be shown."""

    def __init__(self, token: Secret, transport: Transport, retry_policy: RetryPolicy, scrubber: Scrubber) -> None:
        self._token, self._transport, self._retry_policy = token, transport, retry_policy
        self._scrubber = scrubber
        self._scrubber.learn(token)
        self.clock = retry_policy.clock

    def call(
        self,
        what: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """What Lightly answers; `what` is the deed, for messages. Asked again while the failure may pass."""
        return self.keep_trying(what, lambda left: self.send(what, method, path, left, body, query))

    def unless_missing(self, what: str, method: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Likewise; None where Lightly has nothing at this path."""
        return self.keep_trying(what, lambda left: self.send_unless_missing(what, method, path, left, query))

    def make_once(self, what: str, send: Callable[[float], T], find: Callable[[float], T | None]) -> T:
        """Send what must have its effect once: when an answer is lost, it is looked for before it is sent again, and
        what is found then is taken as made by the lost request."""
        unsure = False

        def attempt(left: float) -> T:
            nonlocal unsure
            if unsure and (found := find(left)):
                return found
            try:
                return send(left)
            except LostError:
                unsure = True
                raise
            except RefusedError as refusal:  # the lost request was carried out after we looked
                if unsure and refusal.status == 409 and (found := find(left)):
                    return found
                raise

        return self.keep_trying(what, attempt)

    def keep_trying(self, what: str, attempt: Callable[[float], T]) -> T:
        """The first result of `attempt`, which gets the seconds that it may take."""
        return self._retry_policy.keep_trying(what, attempt)

    def send(
        self,
        what: str,
        method: str,
        path: str,
        left: float,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """One exchange. Raises TransientError (LostError when it may have had its effect), RefusedError or
        UnreadableAnswerError."""
        sent = json.dumps(body).encode() if body is not None else None
        try:
            answer = self._transport(
                Request(method, path, {**(query or {}), "token": self._token.reveal()}, sent, left)
            )
        except NoAnswerError as failure:
            if failure.lasting:
                raise UnreadableAnswerError(
                    what, failure.reason if failure.sent else f"nothing: {failure.reason}"
                ) from None
            raise (LostError if failure.sent else TransientError)(failure.reason) from None
        if answer.status < 300:
            return _json(what, method, answer)
        raise self._failure(what, answer)

    def send_unless_missing(
        self, what: str, method: str, path: str, left: float, query: Mapping[str, str] | None = None
    ) -> Any:
        """Likewise; None where Lightly has nothing at this path."""
        try:
            return self.send(what, method, path, left, query=query)
        except RefusedError as refusal:
            if refusal.status == 404:
                return None
            raise

    def shown(self, text: str, longest: int) -> str:
        """Scrubbed, then cut: half a secret (a key file is longer than any message) would not be known as one."""
        return _one_line(self._scrubber.scrub(text), longest)

    def _failure(self, what: str, answer: Response) -> Exception:
        code, detail = self._words(answer)
        wait = self._retry_policy.retry_after(answer.headers.get("retry-after"))
        reason = f"Lightly answered {answer.status}" + (f" ({detail})" if detail else "")
        if answer.status == 429:
            return TransientError(reason, wait)
        if answer.status == 408 or answer.status >= 500:
            return LostError(reason, wait)
        return RefusedError(what, answer.status, code, detail)

    def _words(self, answer: Response) -> tuple[str, str]:
        """Lightly's error code and its text, on one line, cut and scrubbed; an HTML page is only named."""
        text = answer.body.decode("utf-8", "replace").strip()
        if text.startswith("<"):
            return "", "an HTML page"
        try:
            found = parsed(text)
        except ValueError:
            return "", self.shown(text, _DETAIL)
        if not isinstance(found, dict):
            return "", ""
        code, error = text_in(found, "code"), text_in(found, "error")
        return code, self.shown(": ".join(filter(None, (code, error))), _DETAIL)


class LostError(TransientError):
    """The request may have been carried out."""


def dataset_path(dataset_id: str) -> str:
    """The path of a dataset."""
    return f"/v1/datasets/{quote(dataset_id, safe='')}"


def id_of(what: str, found: object) -> str:
    """The id in an answer."""
    value = found.get("id") if isinstance(found, dict) else None
    if not isinstance(value, str) or not value:
        raise UnreadableAnswerError(what, "without an id")
    return value


def listed(what: str, found: object, noun: str) -> list[Any]:
    """An answer that must be a list; Lightly may send nothing for an empty one."""
    if found is not None and not isinstance(found, list):
        raise UnreadableAnswerError(what, f"with something that is no list of {noun}")
    return found or []


def _json(what: str, method: str, answer: Response) -> Any:
    if not answer.body.strip():
        return None
    try:
        return parsed(answer.body)
    except ValueError:
        if method in ("PUT", "DELETE"):  # done, and nothing in the answer is needed
            return None
        kind = "an HTML page" if answer.body.lstrip().startswith(b"<") else "something that is no JSON"
        raise UnreadableAnswerError(what, f"{answer.status} with {kind}") from None


def parsed(text: str | bytes) -> Any:
    """What the JSON says, in text that can be written again. Raises ValueError, also where it is too deep."""
    try:
        found = json.loads(text)
        return _whole(found) if "\\ud" in (text if isinstance(text, str) else text.decode()).lower() else found
    except RecursionError:
        raise ValueError("too deep") from None


def _whole(value: Any) -> Any:
    """The value without halves of characters, which JSON can write and no UTF-8 can."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {_whole(name): _whole(item) for name, item in value.items()} if isinstance(value, dict) else value


def text_in(found: Mapping[str, Any], name: str) -> str:
    """A text of an answer; empty where there is none, or something else."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _one_line(text: str, longest: int) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else f"{line[:longest]}..."
