"""Hears the events of Pulumi's engine: what is shown while a run goes on, and what is kept of it."""

import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from lightly_core.scrub import Scrubber
from pulumi.automation import DiagnosticEvent, EngineEvent, PolicyEvent, StepEventMetadata

from lightly_sandbox.deployer.outcome import Event, Kind, Outcome, Step

_COLOUR: Final = re.compile(r"<\{%.*?%\}>")
_ECHOES: Final = frozenset(
    {
        "update failed",
        "preview failed",
        "refresh failed",
        "destroy failed",
        "resource import failed",
        "Resource monitor has terminated, shutting down",
    }
)
"""What Pulumi says last when something else, which it said, went wrong."""
_STACK: Final = "::pulumi:pulumi:Stack::"


class Listener:
    """Hears one run."""

    def __init__(self, on_event: Callable[[Event], None], scrubber: Scrubber) -> None:
        self._on_event, self._scrubber = on_event, scrubber
        self._watch = Watch()
        self._changes: dict[str, int] = {}
        self._diagnostics: list[str] = []
        self._errors = 0
        self._steps: list[Step] = []

    def hear(self, event: EngineEvent) -> None:
        """One event; the engine sends them one after another."""
        if event.resource_pre_event:
            self._begins(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._step("step-done", event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self._step("step-failed", event.res_op_failed_event.metadata)
        elif event.diagnostic_event:
            self._said(event.diagnostic_event)
        elif event.policy_event:
            self._judged(event.policy_event)
        elif event.summary_event:
            self._changes |= {_word(op): count for op, count in event.summary_event.resource_changes.items()}

    def outcome(self, ok: bool, otherwise: str = "") -> Outcome:
        """What is known at the end; `otherwise` is what a failed run has said when its events named no error."""
        if not ok and not self._errors:
            self._diagnostics.append(self._clean(otherwise))
        return Outcome(ok, Counter(self._changes), tuple(self._diagnostics), self._watch.seconds, tuple(self._steps))

    def _begins(self, step: StepEventMetadata) -> None:
        self._steps.append(Step(_word(step.op), step.urn, tuple(step.diffs or ())))
        self._step("step-started", step)

    def _step(self, kind: Kind, step: StepEventMetadata) -> None:
        self._watch.see(step.urn, time.monotonic())
        self._on_event(Event(kind, _word(step.op), step.urn))

    def _said(self, said: DiagnosticEvent) -> None:
        if said.severity == "debug":
            return
        urn, text = said.urn or "", self._clean(said.message)
        self._watch.see(urn, time.monotonic())
        if said.ephemeral or said.severity not in ("error", "warning"):
            self._on_event(Event("status", urn=urn, message=text))
        elif text not in _ECHOES:
            self._keep(said.severity == "error", urn, text)

    def _judged(self, found: PolicyEvent) -> None:
        said = f"{found.policy_pack_name}: {found.policy_name}: {self._clean(found.message)}"
        self._keep(found.enforcement_level == "mandatory", found.resource_urn or "", said, of_stack=True)

    def _keep(self, error: bool, urn: str, text: str, *, of_stack: bool = False) -> None:
        name = f"{urn.rpartition('::')[2]}: " if urn and (of_stack or _STACK not in urn) else ""
        said = f"{'' if error else 'warning: '}{name}{text}"
        if said not in self._diagnostics:
            self._errors += error
            self._diagnostics.append(said)
            self._on_event(Event("diagnostic", urn=urn, message=said))

    def _clean(self, text: str) -> str:
        return self._scrubber.scrub(_COLOUR.sub("", text).strip())


def _word(op: str) -> str:
    return str(getattr(op, "value", op))


class Watch:
    """Measures how long the verifications of one run took, from the times at which something was told about them."""

    def __init__(self) -> None:
        self._first = self._last = 0.0

    def see(self, urn: str, when: float) -> None:
        """Something happened to this resource."""
        if "lightly:index:Verification::" in urn:
            self._first, self._last = self._first or when, when

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self._last - self._first
