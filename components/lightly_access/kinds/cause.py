"""A red light, and one cause of it: what its words look like, what is wrong, and what to do. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lightly_core.capability import Capability, Purpose

from lightly_access.kinds.verified import VerifiedAccess

MEND = "mend it where it was made: somebody else did, it is only registered here"
RENEW = "give another credential (`secret`, and `access_key_id` where there is one)"
"""Instead of what we would do with a credential of ours."""
PUT_BACK = "run `pulumi up --refresh`: it compares the deployed policy with ours and puts ours back"


@dataclass(frozen=True, slots=True)
class RedLight:
    """A light that is not as expected, and what is known about it.

    `error` is the text of the refusal, Lightly's or (`by_probe`) our probe's, empty when there is none; `certain` is
    false when the text may be about the other datasource; `proof` is what our own documents permit, None when nobody
    evaluated them.
    """

    purpose: Purpose
    capability: Capability
    expected: bool
    actual: bool | None
    access: VerifiedAccess
    proof: bool | None
    error: str = ""
    certain: bool = True
    by_probe: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, what to do, and whether it may pass by itself (a permission that has not reached every server)."""

    text: str
    fix: str
    mendable_by_waiting: bool


@dataclass(frozen=True)
class Sign:
    """One cause. `words` is the pattern of the error's text; `text` and `fix` may name what `said` has, and the groups.

    `proved`: only when our documents permit what is refused, so that what is deployed must differ from them.
    """

    words: str
    text: str
    fix: str
    waits: bool
    proved: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.words, re.IGNORECASE | re.DOTALL)

    def cause(self, red: RedLight, said: Mapping[str, str]) -> Cause | None:
        """The cause of this light, when the sign is in its error."""
        if self.proved and not red.proof:
            return None
        found = self._pattern.search(red.error)
        if not found:
            return None
        names = {**said, **{name: (value or "").strip() for name, value in found.groupdict().items()}}
        return Cause(self.text.format_map(names), self.fix.format_map(names), self.waits)


BUSY = Sign(
    r"SlowDown|ServiceUnavailable|InternalError|timed? ?out|\b50[0234]\b",
    "the store did not answer in time",
    "run `pulumi up` again",
    True,
)
CLOCK = Sign(
    "RequestTimeTooSkewed|Signature expired|Signature not yet current|time and the current",
    "the clock of the machine that asked differs too much from the store's",
    "set the clock (NTP) of the machine that runs Lightly's worker or this sandbox",
    False,
)
