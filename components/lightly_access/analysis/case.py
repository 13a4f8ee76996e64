"""One request that was decided: the only thing that kinds of store have in common here."""

from dataclasses import dataclass
from typing import Protocol

from lightly_policies.case import Place


class _Case(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def capability(self) -> str | None: ...
    @property
    def place(self) -> Place | None: ...
    @property
    def expected(self) -> bool: ...
    @property
    def network(self) -> bool | None: ...


class _Decision(Protocol):
    @property
    def allowed(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def statement(self) -> str | None: ...


class _Outcome(Protocol):
    """A case of `lightly_policies` with its decision."""

    @property
    def case(self) -> _Case: ...
    @property
    def decision(self) -> _Decision: ...


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody with the credential tries something.

    Attributes:
        subject: what is tried, in words.
        capability: the light that it belongs to; `assume` for becoming who has the right; None for any other action.
        place: inside the path, beside it in the same store, or in another store; None where no place is meant.
        expected: whether it must be allowed.
        allowed: whether it is.
        reason: why, in a few words.
        statement: what decided: `<document>/<statement>`; None when nothing allows it.
        network: whether it is tried from your network, where that matters (`hardened`).
    """

    subject: str
    capability: str | None
    place: Place | None
    expected: bool
    allowed: bool
    reason: str
    statement: str | None
    network: bool | None = None

    @classmethod
    def of(cls, outcome: _Outcome, statement: str | None = None) -> "Case":
        """The same as the proof of a document has it; `statement` is named instead of the one that decides."""
        tried, decided = outcome.case, outcome.decision
        return cls(
            tried.name,
            tried.capability,
            tried.place,
            tried.expected,
            decided.allowed,
            decided.reason,
            decided.statement and (statement or decided.statement),
            tried.network,
        )

    @property
    def ok(self) -> bool:
        """Whether it came out as it must."""
        return self.allowed is self.expected
