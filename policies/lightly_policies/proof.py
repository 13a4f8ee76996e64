"""What documents permit, and whether that is what their purpose is for: of `proof_aws`, `proof_sas`, `proof_gcs`.

Two looks, because each alone can be deceived. The evaluator decides every case: it sees through any way of writing, but
only at the places that are asked. What a document names is compared with what the purpose may name: that sees any place
at all, but only as it is written. Pure: no cloud, no Pulumi.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from lightly_policies.case import Case


class Decision(Protocol):
    """What an evaluator of any cloud says."""

    @property
    def allowed(self) -> bool: ...

    @property
    def reason(self) -> str: ...

    @property
    def statement(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the evaluator decided."""

    case: Case
    decision: Decision

    @property
    def ok(self) -> bool:
        """Whether it came out as it must."""
        return self.decision.allowed is self.case.expected

    @property
    def sentence(self) -> str:
        """What is wrong: what is tried, what was expected, what the documents say, and which statement."""
        decided = f" ({self.decision.statement})" if self.decision.statement else ""
        wanted, found = ("allowed", "refused") if self.case.expected else ("refused", "allowed")
        breadth = "narrower" if self.case.expected else "wider"
        return f"{breadth}: {self.case.name}: expected {wanted}, got {found}: {self.decision.reason}{decided}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What documents permit.

    Attributes:
        capabilities: `list`, `read`, `write`, `overwrite`, `delete` on the path. A capability that the purpose has is
            true when it holds everywhere on the path; one that it has not is true when it holds anywhere there. With a
            trust policy that does not let Lightly in, all are false.
        unexpected: a sentence for whatever is wider or narrower than the purpose; empty when all is as it must be.
        outcomes: every case with its decision, for those who want to see the whole list.
        accepted: a sentence for whatever is wider than the purpose and cannot be narrower in this kind of store.
    """

    capabilities: dict[str, bool]
    unexpected: tuple[str, ...]
    outcomes: Collection[Outcome]
    accepted: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the documents permit what the purpose needs and nothing more."""
        return not self.unexpected
