"""What one run has in common: its settings, what it tells the outside, and whether it may go on."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from lightly_core.scrub import encodings

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.goal import Names
from lightly_sandbox.engine.planner import Action, Op
from lightly_sandbox.engine.values import SecretValue, Value, walk

_NOT_COUNTED: Final = {"create-replacement", "delete-replaced", "remove-pending-replace", "discard-replaced", "refresh"}


class StoppedError(RuntimeError):
    """The run has failed or was cancelled: nothing new is begun."""


@dataclass(frozen=True)
class Step:
    """One step that was done, or would be. `internal`: of a default provider, not shown and not counted."""

    op: Op
    urn: str
    internal: bool = False
    diff: Diff = field(default_factory=lambda: Diff("none"))


@dataclass(frozen=True)
class Event:
    """Something to show. `op` and `urn` are empty where they do not apply."""

    kind: Literal["step-started", "step-done", "step-failed", "status", "diagnostic"]
    op: str = ""
    urn: str = ""
    message: str = ""


class Scrubber:
    """Takes secrets out of texts that leave the engine, in whatever form they are repeated. Safe for many threads."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def learn(self, value: Value) -> None:
        """Remember every secret text in a value; very short ones are not worth a hole in each message."""
        found = {text for item in walk(value) if isinstance(item, SecretValue) for text in _texts(item)}
        with self._lock:
            if fresh := found - self._secrets:
                self._secrets |= fresh
                forms = {*self._forms, *(form for text in fresh for form in encodings(text))}
                self._forms = tuple(sorted(forms, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """The text without them."""
        for form in self._forms if text else ():
            if form in text:
                text = text.replace(form, "[secret]")
        return text


def _texts(secret: SecretValue) -> Iterator[str]:
    return (text for text in walk(secret.value) if isinstance(text, str) and len(text) >= 6)


class Run:
    """One preview, update, refresh or destroy while it goes on. Safe to use from several threads."""

    def __init__(
        self, names: Names, *, preview: bool, parallel: int, on_event: Callable[[Event], None] | None = None
    ) -> None:
        self.names = names
        self.preview = preview
        self.parallel = max(parallel, 1)
        self.scrubber = Scrubber()
        self.steps: list[Step] = []
        self.diagnostics: list[str] = []
        self.failed = False
        self.violated = False
        self.stopping = threading.Event()
        self._on_event = on_event
        self._slots = threading.BoundedSemaphore(self.parallel)
        self._lock = threading.RLock()
        self._idle = threading.Condition(self._lock)
        self._active = 0
        self._counts: Counter[str] = Counter()

    def emit(self, event: Event) -> None:
        """Tell the outside. One event at a time, secrets removed."""
        if self._on_event:
            with self._lock:
                self._on_event(Event(event.kind, event.op, event.urn, self.scrubber.clean(event.message)))

    def diagnose(self, message: str, urn: str = "", *, severity: str = "error") -> None:
        """Add a diagnostic to the result and show it. Errors and violations fail the run but do not stop it."""
        text = self.scrubber.clean(message.strip())
        prefix = "" if severity in ("error", "violation") else f"{severity}: "
        with self._lock:
            self.failed = self.failed or severity == "error"
            self.violated = self.violated or severity == "violation"
            self.diagnostics.append(f"{prefix}{urns.name_of(urn)}: {text}" if urn else f"{prefix}{text}")
        self.emit(Event("diagnostic", urn=urn, message=f"{prefix}{text}"))

    def fail(self, message: str, urn: str = "") -> None:
        """An error after which nothing new is begun; what is in flight ends."""
        if not self.stopping.is_set() or message:
            self.diagnose(message, urn)
        self.stop()

    def stop(self) -> None:
        """Begin nothing new."""
        self.stopping.set()
        with self._idle:
            self._idle.notify_all()

    def check(self) -> None:
        """Raise Stopped when nothing new may begin."""
        if self.stopping.is_set():
            raise StoppedError("the run has stopped")

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One of the `parallel` places in which a provider may work. Raises StoppedError."""
        self.check()
        with self._slots, self.active():
            yield

    @contextmanager
    def active(self) -> Iterator[None]:
        """A step is in flight: `wait_idle` waits for it. Raises StoppedError."""
        with self._lock:
            self.check()
            self._active += 1
        try:
            yield
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def wait_idle(self) -> None:
        """Wait until no step is in flight."""
        with self._idle:
            while self._active:
                self._idle.wait(0.5)

    def started(self, action: Action) -> None:
        """A step begins."""
        self.emit(Event("step-started", action.op, action.resource.urn))

    def done(self, action: Action, *, count: str | None = None) -> None:
        """A step has ended well. It is counted under its own name, or as `count` says ('' for not at all)."""
        internal = urns.is_default_provider(action.resource.urn)
        name = ("" if action.op in _NOT_COUNTED else action.op) if count is None else count
        with self._lock:
            self.steps.append(Step(action.op, action.resource.urn, internal, action.diff))
            if name and not internal:
                self._counts[name] += 1
        self.emit(Event("step-done", action.op, action.resource.urn))

    def changes(self) -> dict[str, int]:
        """How many resources were created, updated, replaced, deleted or left alone; others only when there are any."""
        return {**dict.fromkeys(("create", "update", "replace", "delete", "same"), 0), **self._counts}
