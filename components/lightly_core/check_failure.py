"""A fault of an input, as Pulumi's engine may be told it.

The engine prints the value of the property that a CheckFailure names (`issueCheckFailures` in
pkg/resource/deploy/step_generator.go of pulumi/pulumi), in `preview`, `preview --json` and `up`; before 3.274 also one
that is secret, and at any version what came in clear. So a fault names its property only where everybody may read what
was given; else its reason does, and shows no value.
"""

import re
from collections.abc import Mapping

from lightly_core.pulumi_values import Value, has_secret, leaves
from lightly_core.scrub import Scrubber

_END_OF_NAME = re.compile(r"[.\[]")


def told(place: str, reason: str, given: Mapping[str, Value], scrubber: Scrubber) -> tuple[str, str]:
    """Property and reason of the CheckFailure for a fault at `place` (`rules[0].status`) of the inputs."""
    value = given.get(_END_OF_NAME.split(place, maxsplit=1)[0])
    if _readable(value, scrubber):
        return place, scrubber.scrub(reason)
    return "", scrubber.scrub(f"{place}: {reason}")


def _readable(value: Value, scrubber: Scrubber) -> bool:
    if has_secret(value):
        return False
    return all(scrubber.scrub(leaf.value) == leaf.value for leaf in leaves(value) if isinstance(leaf.value, str))
