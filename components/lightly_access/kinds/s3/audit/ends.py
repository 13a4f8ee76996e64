"""Ends that are still to come: a condition on the time that lets Lightly in today, and not from some day on.

Nothing is guessed from the form of a condition: the same findings are asked for at the very moment that it names.
Times in conditions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
(aws:CurrentTime, aws:EpochTime).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lightly_policies.evaluator.conditions import moment
from lightly_policies.evaluator.document import Document, MalformedDocumentError

from lightly_access.audit.finding import Finding, Severity
from lightly_access.kinds.s3.audit.facts import AwsFacts

_TIMES = ("aws:currenttime", "aws:epochtime")
_SOON = timedelta(days=30)
_LATEST = 253402300799  # the end of year 9999, the last that a date can name
_SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"


def coming_ends(
    facts: AwsFacts, now: datetime, found: Iterable[Finding], at: Callable[[datetime], Iterable[Finding]]
) -> Iterator[Finding]:
    """What Lightly loses at which moment, the first loss of each thing alone. `found`: what it lacks already."""
    known = {_lost(each) for each in found}
    for when in _moments(facts, now):
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
                source=_SOURCE,
            )


def _lost(finding: Finding) -> tuple[str, str]:
    """What is lost, whatever the statement that decides."""
    return finding.rule, finding.what


def _moments(facts: AwsFacts, now: datetime) -> list[datetime]:
    """Every moment that is still to come and that a condition of the documents names."""
    named = {when for text in _documents(facts) for when in _named(text)}
    return sorted(when for when in named if when > now)


def _documents(facts: AwsFacts) -> Iterator[str]:
    holder = facts.holder
    policies = [*(holder.policies if holder else ()), *([holder.boundary] if holder and holder.boundary else ())]
    texts = (holder.trust if holder else None, facts.bucket_policy, *(each.document for each in policies))
    yield from filter(None, texts)


def _named(text: str) -> Iterator[datetime]:
    try:
        statements: Any = Document.parse("policy", text).statements
    except MalformedDocumentError:
        return
    for statement in statements:
        for condition in statement.conditions:
            for value in condition.values if condition.key.lower() in _TIMES else ():
                try:
                    seconds = moment(value)
                except ValueError:
                    continue
                if 0 < seconds < _LATEST:
                    yield datetime.fromtimestamp(float(seconds), UTC)
