"""What can a key really do? It is used, and what the service answers counts: list, read, write, overwrite, delete.

And what must be refused: to go beside the path, and for INPUT to write. Probe objects are `.lightly/probe-<random>`
below the path and in a sibling directory of a random name, so nobody's data are touched: an object that is not ours is
never written, overwritten or deleted, and of one the first byte is read. Every probe object is deleted again; where the
key may not delete, the object stays and is named (in a versioned bucket its old version stays in any case).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from lightly_access.kinds.probe import UNREACHABLE, Answer, CannotAskError, Client, Silent, Target, understood
from lightly_core.capability import Capability, Purpose

T = TypeVar("T")
_KEY = ".lightly/probe-{}"
_UNSIGNED = "SignatureDoesNotMatch"


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
    """Probe several keys side by side; `name` is random, 16 of 0-9a-f, for the probe objects. Never raises for an
    answer."""

    async def all_of_them() -> list[Findings]:
        own = [
            examine(_client(target), target, name if purpose is Purpose.LIGHTLY else _another(name))
            for purpose, target in targets.items()
        ]
        return await asyncio.gather(*own)

    return dict(zip(targets, run(all_of_them()), strict=True))


def _another(name: str) -> str:
    """INPUT and LIGHTLY may be one path by one key: neither may find, or delete, what the other has just written."""
    return f"{int(name, 16) ^ 1:016x}"


def _client(target: Target) -> Client:
    """That of the target; one that only says why, where nothing can be made of the credential or the endpoint."""
    try:
        return target.client()
    except Exception as error:  # obstore's and the SDKs', whose words may hold the credential: none is told
        return Silent(f"nothing can be asked with this credential at this endpoint ({type(error).__name__})")


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
