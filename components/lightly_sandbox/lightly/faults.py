"""How the API may misbehave on request, so that its callers can show how they bear it.

A fault names a call (or `*`), and does one thing to it: refuse it with a status, take effect and drop the connection,
give a forced answer, or just be late. `together` makes it late until as many calls as `times` says are on their way,
for `delay_ms` at most. With `echo` a refusal, or a verification that finds nothing possible, repeats the
whole request, its token too, and what is registered with the dataset, as a page for debugging would. `times` counts
down; without it the fault stays. The faults are matched in order.
"""

import threading
import time
from collections.abc import Collection, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator


class Fault(BaseModel):
    """One line of `POST /_sandbox/faults`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    call: str | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    retry_after: Annotated[int, Field(ge=0)] | str | None = None
    delay_ms: Annotated[float, Field(ge=0)] | None = None
    together: bool = False
    drop: bool = False
    answer: Any = None
    latency_ms: Annotated[float, Field(ge=0)] | None = None
    mask_secrets: bool | None = None
    echo: bool = False

    @model_validator(mode="after")
    def _means_something(self) -> "Fault":
        general = self.latency_ms is not None or self.mask_secrets is not None
        if general and self.model_fields_set - {"latency_ms", "mask_secrets"}:
            raise ValueError("latency_ms and mask_secrets speak of all calls: give them a fault of their own")
        if not general and self.call is None:
            raise ValueError("name the call, or '*' for each call")
        if not general and not (self.status or self.drop or self.has_answer or self.delay_ms or self.echo):
            raise ValueError("give one of status, drop, answer, delay_ms, echo")
        if self.drop and (self.status or self.has_answer):
            raise ValueError("a dropped connection has no status and no answer")
        if self.echo and (self.has_answer or not (self.status or self.call == "verify")):
            raise ValueError("echo goes with a status or with the call verify, and without an answer")
        if self.together and not (self.times and self.delay_ms):
            raise ValueError("together goes with times and delay_ms")
        if self.retry_after is not None and not self.status:
            raise ValueError("retry_after goes with a status")
        return self

    @property
    def has_answer(self) -> bool:
        """Whether an answer is forced; a forced null counts."""
        return "answer" in self.model_fields_set


_FAULTS = TypeAdapter(list[Fault])


class Faults:
    """The active faults and how often each may still strike. Safe for many threads."""

    def __init__(self, calls: Collection[str], *, mask_secrets: bool = False) -> None:
        """`calls` are the names of all calls."""
        self._calls = calls
        self._lock = threading.Lock()
        self._mask_by_setting = mask_secrets
        self._active: list[tuple[Fault, int | None]] = []
        self._together = threading.Condition(self._lock)

    def replace(self, faults: Sequence[object]) -> None:
        """Forget the old ones. Raises ValueError for a fault that means nothing; the old ones stay then."""
        found = _FAULTS.validate_python(faults)
        if unknown := sorted({fault.call for fault in found if fault.call} - {"*", *self._calls}):
            raise ValueError(f"no such call: {', '.join(unknown)}; expected one of {', '.join(self._calls)}")
        with self._lock:
            self._active = [(fault, fault.times) for fault in found]

    def take(self, call: str) -> Fault | None:
        """The fault that strikes this call now, counted down."""
        with self._lock:
            for at, (fault, left) in enumerate(self._active):
                if fault.call in (call, "*"):
                    if left == 1:
                        del self._active[at]
                    elif left is not None:
                        self._active[at] = (fault, left - 1)
                    return fault
        return None

    def delay(self, fault: Fault | None) -> None:
        """Take as long as the faults say, of which this one strikes the call."""
        late = (fault.delay_ms or 0.0) / 1000 if fault else 0.0
        if fault and fault.together:
            with self._together:
                self._together.notify_all()
                self._together.wait_for(lambda: all(known is not fault for known, _ in self._active), late)
            late = 0.0
        time.sleep(self.latency + late)

    @property
    def latency(self) -> float:
        """Seconds that each call takes longer."""
        with self._lock:
            return sum(fault.latency_ms or 0.0 for fault, _ in self._active) / 1000

    @property
    def mask_secrets(self) -> bool:
        """Whether answers hide the secrets of datasources; the latest word counts, then the setting."""
        with self._lock:
            said = [fault.mask_secrets for fault, _ in self._active if fault.mask_secrets is not None]
        return said[-1] if said else self._mask_by_setting
