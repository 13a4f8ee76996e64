"""Why nothing was done of what was found in flight, and the next command. Pure."""

from collections.abc import Sequence

from lightly_core.hint import hint_of, with_hint, without_hint

from lightly_access.recover.decision import Decision, Deed


def on_hold(found: Sequence[Decision]) -> bool:
    """Whether there is something that nobody can tell: `pulumi stack import` would forget it."""
    return any(each.deed is Deed.HOLD for each in found)


def to_do(found: Sequence[Decision]) -> bool:
    """Whether anything would be done: what is left is only named."""
    return any(each.deed not in (Deed.HOLD, Deed.LEAVE) for each in found)


def undone(found: Sequence[Decision], *, again: str, lock: str | None, exported: bool, refused: bool) -> str:
    """Of what is listed above it; `again` is the command that does it, `exported` tells that it is of a file, `refused`
    that somebody was asked and said no."""
    if exported:
        return with_hint("nothing of it was done: it is read from a file", f"{again} does it in the stack itself")
    held = with_hint(
        "nothing of it was done: it would forget what is on hold, of which nobody can tell yet whether it is there",
        f"see to each `hold` as its hint says, then {again}",
    )
    if lock:
        said = with_hint(f"{without_hint(lock)}: nothing was done of what is listed", hint_of(lock))
        return f"{said}\n{held}" if on_hold(found) else said
    if on_hold(found):
        return held
    if not to_do(found):
        said = "nothing of it was done: nothing tells whose it is that is left"
        return with_hint(said, "see to each `leave` as its hint says")
    why = "you said no" if refused else "nobody could be asked"
    return with_hint(f"nothing of it was done: {why}", f"{again} does it")
