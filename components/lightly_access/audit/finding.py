"""One thing that is too wide, too weak or missing: what, where, why, and the way out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, the worst first."""

    CRITICAL = "critical"
    """Somebody else than Lightly gets in, or Lightly gets far more than one store."""
    HIGH = "high"
    """Lightly gets more than the datasource, or what keeps others out is weak; or Lightly cannot work at all."""
    MEDIUM = "medium"
    """Hygiene that limits a leak: ages, exact operators, single actions."""
    LOW = "low"
    """Worth knowing; no narrower way may exist."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    Attributes:
        severity: how much it matters.
        rule: its short name, stable, for filters: `whole-bucket`.
        what: what is so, in a sentence without a period. Never a secret.
        where: the document and statement, or the thing: `role acme, inline policy all, statement 0`.
        why: why that matters.
        fix: what to do about it.
        purpose: `INPUT`, `LIGHTLY`, or both when it is about both.
        tried: cases that the evaluator lets through and that must be refused, or the other way round.
        source: where the rule comes from.
    """

    severity: Severity
    rule: str
    what: str
    where: str
    why: str
    fix: str
    purpose: str = ""
    tried: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, so that nothing is said of it.

    Attributes:
        what: the thing.
        needs: the right that reading it needs, such as `iam:GetRole`; empty when no right would help.
        reason: what the cloud said, or why it cannot be known.
        purpose: of which datasource.
    """

    what: str
    needs: str
    reason: str
    purpose: str = ""


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; what is alike stays in its order."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))
