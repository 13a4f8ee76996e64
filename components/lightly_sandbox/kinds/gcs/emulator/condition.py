"""Whether Google would store a condition: it must be CEL, and give true or false for a bucket and for an object.

What an expression means is decided in one place, `lightly_policies.evaluator.gcs_condition`; it is asked about two
samples. An attribute that it does not know is refused here by name, where a stored condition would silently grant
nothing.
"""

from datetime import UTC, datetime

from lightly_policies.evaluator.gcs_condition import Attributes, Condition, MalformedConditionError, check, holds

_SERVICE = "storage.googleapis.com"
_SAMPLES = (("projects/_/buckets/b", "Bucket"), ("projects/_/buckets/b/objects/o", "Object"))


def fault(condition: Condition) -> str | None:
    """What is wrong with it; None when it can be evaluated."""
    try:
        check(condition)
    except MalformedConditionError as error:
        return str(error)
    for name, kind in _SAMPLES:
        sample = Attributes(name, f"{_SERVICE}/{kind}", _SERVICE, datetime.now(UTC), {})
        met, why_not = holds(condition, sample)
        if not met and why_not != "its condition is not met":
            return f"{why_not}, asked about a resource of type {kind}"
    return None
