"""What a handler of one resource type is: plain values in, plain values out, no gRPC.

Values are those of `lightly_core.pulumi_values`: unknowns and secrets are kept in what goes in and what comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from lightly_api.client import LightlyApi
from lightly_core.pulumi_values import Properties, Value


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """One bad property, by its name, and why."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The inputs as they will be used (defaults filled in, normalised), and every fault that was found."""

    inputs: Properties
    failures: Sequence[CheckFailure] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """The properties that differ, and those of them that need a new resource."""

    changes: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Made:
    """A resource that is there: its id and its output properties."""

    id: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class Found:
    """A resource that was read: also the inputs that would have made it so."""

    id: str
    inputs: Properties
    properties: Properties


class UnhealthyError(Exception):
    """The resource is there (it stays in the state), but not as it should be; `reasons` are sentences for the user."""

    def __init__(
        self, resource_id: str, properties: Properties, reasons: Sequence[str], inputs: Properties | None = None
    ) -> None:
        self.id, self.properties, self.reasons = resource_id, properties, tuple(reasons)
        self.inputs: Properties = inputs or {}
        super().__init__("; ".join(reasons))


@dataclass(frozen=True, slots=True)
class Call:
    """What one request may use.

    `api()` raises TokenMissingError when there is no token: it is asked only when Lightly is really needed. `tell`
    leaves a line in the output of the run, `warn` a warning, `status` shows one only while it lasts; `pause` sleeps and
    raises StoppedError when the run is cancelled; `clock` counts seconds, `now` is the time in UTC; `timeout` is the
    user's `customTimeouts`, in seconds, 0 when there is none.
    """

    api: Callable[[], LightlyApi]
    tell: Callable[[str], None] = lambda text: None
    warn: Callable[[str], None] = lambda text: None
    status: Callable[[str], None] = lambda text: None
    pause: Callable[[float], None] = lambda seconds: None
    clock: Callable[[], float] = lambda: 0.0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    timeout: float = 0.0


@runtime_checkable
class Remembers(Protocol):
    """A handler that remembers something of a run, for as long as it lasts."""

    def begin(self) -> None:
        """A run begins: what was remembered of the last one is over."""


@runtime_checkable
class KeepsNames(Protocol):
    """A handler of resources whose names in a cloud stay as they were made."""

    def named(self, olds: Mapping[str, Value], news: Properties) -> Properties:
        """The new inputs, with a name of the old ones where it shall stay. A replacement has no old inputs."""


class Handler(Protocol):
    """One resource type. Errors are ProviderError; Unhealthy from create, update and read."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        """All faults of the inputs at once; unknowns are taken on trust."""

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        """What an update from the old inputs and state to the new inputs would change."""

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        """The outputs that a preview shows: unknown where only the deed will tell."""

    def create(self, call: Call, news: Properties) -> Made:
        """Make it."""

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        """Change it, of which the state has these inputs and outputs; returns the new outputs."""

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        """As it is now; None when it is gone. With no state it is an import: the id is all that is known."""

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        """Remove it; one that is gone is removed."""
