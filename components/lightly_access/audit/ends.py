"""Ends that are still to come: a condition on the time that lets Lightly in today, and not from some day on.

Nothing is guessed from the form of a condition: the same findings are asked for at the very moment that it names.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from lightly_access.audit.finding import Finding, Severity

_SOON = timedelta(days=30)


def coming_ends(
    moments: Iterable[datetime],
    now: datetime,
    found: Iterable[Finding],
    at: Callable[[datetime], Iterable[Finding]],
    source: str,
) -> Iterator[Finding]:
    """What Lightly loses at which moment, the first loss of each thing alone.

    `moments`: those that conditions name. `found`: what it lacks already. `at`: what it lacks then.
    """
    known = {_lost(each) for each in found}
    for when in sorted(when for when in set(moments) if when > now):
        for each in at(when + timedelta(seconds=1)):
            if each.severity < Severity.HIGH or not each.rule.startswith(("missing-", "lightly-locked-out")):
                continue
            if _lost(each) in known:
                continue
            known.add(_lost(each))
            soon = when - now < _SOON
            yield Finding(
                Severity.MEDIUM if soon else Severity.LOW,
                "ends",
                f"from {when:%Y-%m-%d %H:%M} UTC on: {each.what}",
                each.where,
                f"a condition on the time ends it; {each.why}",
                "have whoever set the date move it, or take it out: revoking ends access whenever you want",
                source=source,
            )


def _lost(finding: Finding) -> tuple[str, str]:
    """What is lost, whatever the statement that decides."""
    return finding.rule, finding.what
