"""The moments that conditions of AWS name.

Times in conditions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
(aws:CurrentTime, aws:EpochTime).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lightly_policies.evaluator.conditions import moment
from lightly_policies.evaluator.document import Document, MalformedDocumentError

from lightly_access.kinds.s3.audit.facts import AwsFacts

_TIMES = ("aws:currenttime", "aws:epochtime")
_LATEST = 253402300799  # the end of year 9999, the last that a date can name
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"


def moments(facts: AwsFacts) -> Iterator[datetime]:
    """Every moment that a condition of the documents names."""
    for text in _documents(facts):
        yield from _named(text)


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
