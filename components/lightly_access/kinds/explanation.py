"""A refusal that no change of a stack can mend: what it means, and the way out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was refused and why, and what to do; `name` is the constraint, or our word for the refusal.

    `runbook` is the name of its entry in docs/runbook.md.
    """

    name: str
    cause: str
    hint: str
    runbook: str = ""
