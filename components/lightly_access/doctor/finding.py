"""What a question found, and what all of them make together. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How it stands with what was asked about."""

    OK = "ok"
    WARNING = "warning"
    """A deployment works; somebody should look at it."""
    BAD = "bad"
    """A deployment fails, or does something else than it should."""
    UNKNOWN = "unknown"
    """It could not be told, which is not well either."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `said` is what stands there, `fix` the way out; only what is well needs none."""

    name: str
    state: State
    said: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the Date header of a server said: by how many seconds its clock is ahead of ours."""

    server: str
    ahead: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question brought. `reached`: a server was asked, and answered."""

    findings: tuple[Finding, ...] = ()
    clocks: tuple[ClockReading, ...] = ()
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """A question whose server did not answer: `name` the question's, `where` the host."""

    name: str
    where: str
    reason: str


class NotReachedError(Exception):
    """No answer came from a server; `reason` is a phrase without secrets."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was found, in the order in which it was asked."""

    findings: tuple[Finding, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether a deployment has all that it needs, as far as can be seen from here."""
        return not any(finding.state in (State.BAD, State.UNKNOWN) for finding in self.findings)
