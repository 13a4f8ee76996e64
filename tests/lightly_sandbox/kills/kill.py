"""Ends a run at one call of the engine to a provider: Pulumi dies, or the provider does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lightly_sandbox.deployer import Deployer
from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.sandbox import Sandbox
from pulumi.runtime.proto import provider_pb2

from tests.lightly_sandbox.tap import Hook, Tap

_REQUESTS: dict[str, Any] = {
    "Create": provider_pb2.CreateRequest,
    "Update": provider_pb2.UpdateRequest,
    "Delete": provider_pb2.DeleteRequest,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One call: its method, and the resource by its type and by how its name ends (what is before that is chance)."""

    method: str
    type: str
    suffix: str

    def __str__(self) -> str:
        return f"{self.method} {self.type} {self.suffix}"


@contextmanager
def tapped(sandbox: Sandbox, before: Hook | None = None, after: Hook | None = None) -> Iterator[dict[str, str]]:
    """The environment of a deployment whose calls go through taps."""
    attached = dict(part.split(":") for part in sandbox.deployment()[ATTACH].split(","))
    taps = {name: Tap(int(port), before=before, after=after) for name, port in attached.items()}
    try:
        yield {ATTACH: ",".join(f"{name}:{tap.port}" for name, tap in taps.items())}
    finally:
        for tap in taps.values():
            tap.stop()


def point(name: str, request: bytes, tag: str) -> Point | None:
    """The point of a call; None for one that changes nothing."""
    if name not in _REQUESTS:
        return None
    found = _REQUESTS[name].FromString(request)
    if getattr(found, "preview", False):
        return None
    _, _, type_, called = found.urn.split("::", 3)
    return Point(name, type_.rpartition("$")[2], called.replace(tag, "*"))


def points(sandbox: Sandbox, make: Callable[..., Deployer], verb: str, tag: str) -> list[Point]:
    """All that a run of this verb calls, in its order, which is done."""
    seen: list[Point] = []

    def look(name: str, request: bytes) -> None:
        if found := point(name, request, tag):
            seen.append(found)

    with tapped(sandbox, before=look) as env:
        done = getattr(make(env=env), verb)()
    assert done.ok, done.diagnostics
    return list(dict.fromkeys(seen))


def killed(
    sandbox: Sandbox, make: Callable[..., Deployer], verb: str, points: Mapping[Point, str], tag: str
) -> Point | None:
    """Run the verb, which ends at the first of these points: Pulumi dies `before` or `after` the call, or the
    `provider` does after it. Returns where it died; None when it did not come to that."""
    died: list[Point] = []

    def end(name: str, request: bytes, *hows: str) -> None:
        if died and points[died[0]] == "provider":
            raise ConnectionResetError
        at = point(name, request, tag)
        if at is None or died or points.get(at) not in hows:
            return
        died.append(at)
        if points[at] == "provider":
            raise ConnectionResetError
        stack.command.kill()

    def before(name: str, request: bytes) -> None:
        end(name, request, "before")

    def after(name: str, request: bytes) -> None:
        end(name, request, "after", "provider")

    with tapped(sandbox, before=before, after=after) as env:
        stack = make(env=env)
        done = getattr(stack, verb)()
    assert not (died and done.ok)
    return died[0] if died else None
