"""The worst day: which credentials of a dataset are out, and what their replacement is called. Pure.

The text of `rotate_now` is made of the credential that is out, so that a run which was killed goes on where it was: the
manifest tells whether it was written, and the state whether the replacement was made.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lightly_core.capability import Purpose

from lightly_access.kinds.ending import Issued
from lightly_access.rotate.plan import text_of_leak

_LEAKED = "leaked-"


@dataclass(frozen=True, slots=True)
class Leak:
    """One datasource.

    Attributes:
        out: what is switched off, the one in use or the one that was, first.
        text: what `rotate_now` becomes; None where it is there already.
        replaced: what is in use since a leak that was told before; then nothing is switched off.
    """

    purpose: Purpose
    out: tuple[Issued, ...]
    text: str | None = None
    replaced: Issued | None = None


def leak(purpose: Purpose, issued: Iterable[Issued], now: str | None, *, again: bool) -> Leak:
    """What is out, of the credentials of a state; `now` is the manifest's `rotate_now`, `again` says that the one in
    use is out although it replaced one that was."""
    ours = [each for each in issued if each.purpose is purpose and each.ours]
    used, going = [each for each in ours if not each.pending], [each for each in ours if each.pending]
    told = now is not None and now.startswith(_LEAKED)
    if any(text_of_leak(each.identity) == now for each in used):
        return Leak(purpose, (*used, *going))
    if told and not again:
        if going:  # made and not verified yet
            return Leak(purpose, tuple(going))
        return Leak(purpose, (), replaced=used[0] if used else None)
    return Leak(purpose, (*used, *going), text_of_leak(used[0].identity) if used else None)
