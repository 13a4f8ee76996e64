"""What can a key really do? It is used, and what the service answers counts: list, read, write, overwrite, delete.

And what must be refused: to go beside the path, and for INPUT to write. Probe objects are `.lightly/probe-<random>`
below the path and in a sibling directory of a random name, so nobody's data are touched: an object that is not ours is
never written, overwritten or deleted, and of one the first byte is read. Every probe object is deleted again; where the
key may not delete, the object stays and is named (in a versioned bucket its old version stays in any case).
"""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from lightly_core.capability import Capability, Purpose

T = TypeVar("T")
SECONDS = 10
"""How long one request may take; asking again is the verification's business."""

_KEY = ".lightly/probe-{}"
_CODE = re.compile(r"<Code>\s*([\w.]+)\s*</Code>|\(code: ([\w.]+)\)")
_DETAILS = re.compile(r"<Details>(.*?)</Details>", re.DOTALL)
_MESSAGE = re.compile(r"<Message>(.*?)</Message>|request failed for key \S+: (.*?) \(code: ", re.DOTALL)
_STATUS = re.compile(r"status code: (\d{3})")
_REFUSALS = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden", "403", "AuthorizationPermissionMismatch"})
_PASSING = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted", "429"})
_ABSENT = frozenset({"NoSuchKey", "BlobNotFound", "404"})
_EMPTY = frozenset({"InvalidRange", "416"})
_UNSIGNED = "SignatureDoesNotMatch"
UNREACHABLE = "Unreachable"


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


class Target(Protocol):
    """A credential and the path that it is for; one class a kind of store, in `probes`."""

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


@dataclass(frozen=True, slots=True)
class Findings:
    """What one key can do in its path, what beyond it, and which probe objects stay behind."""

    answers: Mapping[Capability, Answer]
    beyond: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def with_words(self, scrub: Callable[[str], str]) -> "Findings":
        """The same, the service's words without secrets: some repeat what they were asked."""
        answers = {name: replace(answer, words=scrub(answer.words)) for name, answer in self.answers.items()}
        return replace(self, answers=answers)

    @property
    def unreachable(self) -> str:
        """In words, when the service could not be reached at all; else empty."""
        asked = [answer for answer in self.answers.values() if answer.can is not None or answer.code]
        return asked[0].words if asked and all(answer.code == UNREACHABLE for answer in asked) else ""


def probe(targets: Mapping[Purpose, Target], name: str) -> dict[Purpose, Findings]:
    """Probe several keys side by side; `name` is a random text for the probe objects. Never raises for an answer."""

    async def all_of_them() -> list[Findings]:
        return await asyncio.gather(*(examine(target.client(), target, name) for target in targets.values()))

    return dict(zip(targets, run(all_of_them()), strict=True))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end on a loop of its own; the thread's own loop, which asyncio.run would take away, stays."""
    loop = asyncio.new_event_loop()
    try:
        result = loop.run_until_complete(work)
        loop.run_until_complete(loop.shutdown_asyncgens())
        return result
    finally:
        loop.close()


async def examine(store: Client, target: Target, name: str) -> Findings:
    """Everything that is asked of one key."""
    left: list[str] = []
    inside, beyond = await asyncio.gather(
        _inside(store, target.directory, name, left), _outside_path(store, target, name, left)
    )
    return Findings(inside, tuple(beyond), tuple(f"{target.place}{key}" for key in left))


async def _inside(store: Client, directory: str, name: str, left: list[str]) -> dict[Capability, Answer]:
    key = directory + _KEY.format(name)
    listing, found = await _ask(store.list(directory))
    reading = Answer(None, words="there is no object with content to read")
    if found:
        reading, _ = await _ask(store.read(found))
    writing, _ = await _ask(store.write(key))
    overwriting = writing
    try:
        if writing.can:
            overwriting, _ = await _ask(store.write(key))
            if not found:  # an empty directory gives nothing else to read
                reading, _ = await _ask(store.read(key))
    finally:
        deleting = await _cleanup(store, key, writing, left)
    if " " in directory and _UNSIGNED in listing.code and _UNSIGNED not in writing.code:
        # obstore writes a space in a query as `+`. AWS takes it, services that compare the text itself do not:
        # https://github.com/apache/arrow-rs-object-store/issues/223
        listing = Answer(None, words="obstore cannot list a path with a space at this service")
    return {
        Capability.LIST: listing,
        Capability.READ: reading,
        Capability.WRITE: writing,
        Capability.OVERWRITE: overwriting,
        Capability.DELETE: deleting,
    }


async def _outside_path(store: Client, target: Target, name: str, left: list[str]) -> list[str]:
    """What is let through in a sibling directory whose name nobody uses; only a clear yes counts."""
    if not target.directory or target.whole_store:
        return []
    sibling = f"{target.directory.rstrip('/')}-probe-{name}/"
    key = sibling + _KEY.format(name)
    listing, _ = await _ask(store.list(sibling))
    writing, _ = await _ask(store.write(key))
    try:
        reading, _ = await _ask(store.read(key))
    finally:
        deleting = await _cleanup(store, key, writing, left)
    allowed = {
        Capability.LIST: bool(listing.can),
        Capability.READ: bool(reading.can) or reading.absent,
        Capability.WRITE: bool(writing.can),
        Capability.DELETE: bool(deleting.can),
    }
    return [str(capability) for capability, yes in allowed.items() if yes]


async def _cleanup(store: Client, key: str, writing: Answer, left: list[str]) -> Answer:
    """Delete a probe object; where none was written this only asks whether deleting is permitted."""
    answer, _ = await _ask(store.delete(key))
    if answer.can is None and writing.can is not False:
        answer, _ = await _ask(store.delete(key))
    unsure = writing.can is None and writing.code != UNREACHABLE
    if (writing.can or unsure) and not answer.can:
        left.append(key)
    return answer


async def _ask(attempt: Awaitable[T]) -> tuple[Answer, T | None]:
    try:
        return Answer(True), await attempt
    except TimeoutError:
        return Answer(None, UNREACHABLE, "no answer in time"), None
    except CannotAskError as error:
        return Answer(None, UNREACHABLE, str(error)), None
    except Exception as error:  # obstore's classes do not tell a refusal from a broken line: its text does
        return understood(str(error)), None


def understood(text: str) -> Answer:
    """The service's answer in an error text of obstore."""
    code, status = _CODE.search(text), _STATUS.search(text)
    message = _DETAILS.search(text) or _MESSAGE.search(text)  # Google's message is always "Access denied."
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
