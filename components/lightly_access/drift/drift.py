"""What a look at an access brought: what differs from what we deployed, and what nobody could read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lightly_access.audit.finding import Finding, Severity, Unreadable, by_severity

REFUSED = "Lightly is refused"
"""Why a finding matters that is the cause of whatever light is red."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Of one access, or of several.

    Attributes:
        findings: what was added, changed or removed; each makes a verification red.
        notes: what stood open before us in a store that is not ours, and is nobody's drift.
        unreadable: what could not be read, so that nothing is said of it.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def gone(what: str, where: str, purpose: str, fix: str = "`pulumi up --refresh` makes it again") -> Finding:
    """Something that we made is not there any more."""
    subject = "it" if what == where else what
    return Finding(Severity.HIGH, "gone", f"{subject} does not exist any more", where, REFUSED, fix, purpose)


def together(drifts: Iterable[Drift]) -> Drift:
    """One of several; what was said of both purposes is said once."""
    found = list(drifts)
    return Drift(
        by_severity(_merged(finding for each in found for finding in each.findings)),
        by_severity(_merged(finding for each in found for finding in each.notes)),
        tuple(dict.fromkeys(replace(entry, purpose="") for each in found for entry in each.unreadable)),
    )


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.what, finding.where)
        old = seen.get(key)
        both = old and old.purpose != finding.purpose
        seen[key] = replace(finding, purpose=f"{old.purpose}, {finding.purpose}") if old and both else old or finding
    return list(seen.values())
