"""The probe's side of a kind of store: what uses a credential, and how an answer of obstore is understood."""

import html
import re
from dataclasses import dataclass
from typing import Protocol

SECONDS = 10
"""How long one request may take; asking again is the verification's business."""

_CODE = re.compile(r"<Code>\s*([\w.]+)\s*</Code>|\(code: ([\w.]+)\)")
_DETAILS = re.compile(r"<Details>(.*?)</Details>", re.DOTALL)
_MESSAGE = re.compile(r"<Message>(.*?)</Message>|request failed for key \S+: (.*?) \(code: ", re.DOTALL)
_STATUS = re.compile(r"status code: (\d{3})")
_REFUSALS = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden", "403", "AuthorizationPermissionMismatch"})
_PASSING = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted", "429"})
_ABSENT = frozenset({"NoSuchKey", "BlobNotFound", "404"})
_EMPTY = frozenset({"InvalidRange", "416"})
_MOVED = re.compile(r"redirect without LOCATION|status code: 30[1278]\b")
"""obstore goes nowhere without an address; to one it goes, but without a signature, and not when it writes."""
UNREACHABLE = "Unreachable"
ELSEWHERE = "PermanentRedirect"
"""S3's code for a bucket of another region; of its answer obstore shows nothing."""


class CannotAskError(Exception):
    """Nothing can be asked with this credential from here: why, and the way out."""


class Client(Protocol):
    """The five requests; each raises what obstore raises."""

    async def list(self, prefix: str) -> str | None:
        """Some object with content below the prefix."""

    async def read(self, key: str) -> object:
        """The first byte of an object."""

    async def write(self, key: str) -> object:
        """A small object."""

    async def delete(self, key: str) -> object:
        """An object; deleting one that is not there succeeds."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Asks nothing, and says why."""

    why: str

    async def list(self, prefix: str) -> str | None:
        """Raises CannotAskError."""
        raise CannotAskError(self.why)

    async def read(self, key: str) -> object:
        """Raises CannotAskError."""
        raise CannotAskError(self.why)

    write = delete = read


class Target(Protocol):
    """A credential and the path that it is for; one class a kind of store."""

    @property
    def place(self) -> str:
        """The store, as messages name it: `s3://bucket/`."""

    @property
    def directory(self) -> str:
        """Ending in `/`; empty for the whole store."""

    @property
    def whole_store(self) -> bool:
        """Whether it is accepted that the credential reaches beyond the path: then nobody looks there."""

    def client(self) -> Client:
        """A client that has this credential and no other one of the environment; each request is sent once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said to one attempt: `can` is None when it tells neither; `words` are its own."""

    can: bool | None
    code: str = ""
    words: str = ""

    @property
    def refused(self) -> bool:
        """Whether the service knew the key, and said no."""
        return self.code in _REFUSALS

    @property
    def absent(self) -> bool:
        """Whether there was nothing to read, as the service says only to whom may look."""
        return self.code in _ABSENT


def understood(text: str) -> Answer:
    """The service's answer in an error text of obstore."""
    code, status = _CODE.search(text), _STATUS.search(text)
    message = _DETAILS.search(text) or _MESSAGE.search(text)  # Google's message is always "Access denied."
    if not code and _MOVED.search(text):
        return Answer(False, ELSEWHERE, f"({ELSEWHERE}) the bucket is in another region")
    named = (code[1] or code[2]) if code else status[1] if status else UNREACHABLE
    said = " ".join(html.unescape(next(filter(None, message.groups()), "") if message else "").split())
    words = f"({named}) {said}".strip()
    if named in _EMPTY:  # of an empty object there is no first byte: it may be read
        return Answer(True)
    if named == UNREACHABLE:
        return Answer(None, named, "the service could not be reached")
    if named in _PASSING or (status and status[1].startswith("5")):
        return Answer(None, named, words)
    if named in _ABSENT:
        return Answer(None, named, words)
    return Answer(False, named, words)
