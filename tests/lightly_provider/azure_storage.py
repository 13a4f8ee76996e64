"""The part of Azure that keeps stored access policies, at the level of HTTP, below the SDK and its signing.

What matters here is what Azure does to two writers: times have full seconds, and `If-Unmodified-Since` is honoured.
Signatures and tokens are the business of the local Azure of the rehearsal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline.transport import RequestsTransport
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

EMPTY = '<?xml version="1.0" encoding="utf-8"?><SignedIdentifiers/>'
BEGIN = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Kept:
    """A container: its access list as Azure returns it, and when it was changed."""

    body: str = EMPTY
    changed: datetime = BEGIN - timedelta(days=1)
    public: str | None = None


@dataclass
class AzureStorage(HTTPAdapter):
    """Answers Get and Set Container ACL.

    Attributes:
        containers: by their names.
        now: its clock.
        before_write: somebody else, who comes in between a reading and a writing; one a write.
        refusal: status, code and text of the answer to everything.
        seen: every request.
    """

    containers: dict[str, Kept] = field(default_factory=dict)
    now: datetime = BEGIN
    before_write: list[Callable[[], None]] = field(default_factory=list)
    refusal: tuple[int, str, str] | None = None
    seen: list[PreparedRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    @property
    def transport(self) -> RequestsTransport:
        """For a client of the SDK."""
        session = Session()
        session.mount("https://", self)
        return RequestsTransport(session=session, session_owner=False)

    @property
    def writes(self) -> int:
        """How many writes were tried."""
        return sum(request.method == "PUT" for request in self.seen)

    def pause(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    def set(self, name: str, body: str) -> None:
        """Somebody else sets the access list."""
        self.containers[name] = Kept(body, self.now)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer one request."""
        self.seen.append(request)
        if self.refusal:
            return self._error(request, *self.refusal)
        name = urlsplit(str(request.url)).path.strip("/").rpartition("/")[2]
        if name not in self.containers:
            return self._error(request, 404, "ContainerNotFound", "The specified container does not exist.")
        if request.method != "PUT":
            return self._answer(request, self.containers[name].body, self.containers[name])
        if self.before_write:
            self.before_write.pop(0)()
        kept, since = self.containers[name], request.headers.get("If-Unmodified-Since")
        if since and kept.changed.replace(microsecond=0) > parsedate_to_datetime(str(since)):
            return self._error(request, 412, "ConditionNotMet", "The condition specified is not met.")
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or EMPTY)
        public = request.headers.get("x-ms-blob-public-access")
        self.containers[name] = Kept(body, self.now, str(public) if public else None)
        return self._answer(request, "", self.containers[name])

    def _error(self, request: PreparedRequest, status: int, code: str, text: str) -> Response:
        body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{text}</Message></Error>'
        return self._respond(request, status, body, {"x-ms-error-code": code})

    def _answer(self, request: PreparedRequest, body: str, kept: Kept) -> Response:
        public = {"x-ms-blob-public-access": kept.public} if kept.public else {}
        return self._respond(
            request, 200, body, {"Last-Modified": format_datetime(kept.changed, usegmt=True), **public}
        )

    def _respond(self, request: PreparedRequest, status: int, body: str, headers: Mapping[str, str]) -> Response:
        always = {"Content-Type": "application/xml", "Date": format_datetime(self.now, usegmt=True)}
        raw = HTTPResponse(BytesIO(body.encode()), {**always, **headers}, status, preload_content=False)
        return self.build_response(request, raw)
