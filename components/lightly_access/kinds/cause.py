"""The causes of a red light, as tables: what its words look like, what is wrong, and what to do. Pure.

`aws`, `azure` and `gcp` hold a Tree each, with the words of that cloud; `diagnose` walks it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lightly_core.capability import Capability, Purpose, expected
from lightly_provider.verification.attribution import Access

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
    access: Access
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


@dataclass(frozen=True, slots=True)
class Tree:
    """What a kind of store has to say of red lights."""

    actions: Mapping[Capability, str]
    """The right behind each capability, in the cloud's words."""
    signs: tuple[Sign, ...]
    """Ranked: the first that fits is given."""
    put_back: str
    """How a deployed policy is made ours again."""
    renew: str
    """How a credential of ours is replaced."""
    others: str
    """Who may allow what our documents refuse."""

    def said(self, red: RedLight) -> dict[str, str]:
        """The names that the texts may use."""
        granted = [str(it) for it, wanted in expected(red.purpose).items() if wanted and it is not Capability.OVERWRITE]
        return {
            "who": red.access.identity,
            "path": red.access.path,
            "account": red.access.account,
            "bucket": red.access.bucket,
            "directory": red.access.directory,
            "capability": str(red.capability),
            "wanted": f"{', '.join(granted[:-1])} and {granted[-1]}",
            "action": self.actions[red.capability],
            "put_back": MEND if red.access.given else self.put_back,
            "renew": RENEW if red.access.given else self.renew,
            "next": RENEW if red.access.given else "run `pulumi up`: in a new period it makes the next token",
        }

    def cause(self, red: RedLight) -> Cause | None:
        """The first sign that is in the light's error."""
        said = self.said(red)
        return next((cause for sign in self.signs if (cause := sign.cause(red, said))), None)


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
