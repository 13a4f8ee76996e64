"""What was in flight, for people."""

from collections import Counter
from collections.abc import Iterator, Sequence

from lightly_access.recover.decision import Decision, Deed
from lightly_access.report.view import printable
from lightly_access.status.terminal import Line

_STYLES = {Deed.TAKE: "green", Deed.CLEAR: "", Deed.REMOVE: "yellow", Deed.LEAVE: "bold red", Deed.HOLD: "bold red"}
_DONE = {Deed.TAKE: "taken over", Deed.CLEAR: "cleared", Deed.REMOVE: "removed", Deed.LEAVE: "left"}


def lines(decisions: Sequence[Decision], *, done: bool = False) -> Iterator[Line]:
    """A line each: what would be done, or what was."""
    for each in decisions:
        word = _DONE.get(each.deed, str(each.deed)) if done else str(each.deed)
        yield f"{word:10} {printable(each.operation.name)}: {printable(each.said)}", _STYLES[each.deed]
        if each.hint:
            yield f"    hint: {printable(each.hint)}", "cyan"


def summary(decisions: Sequence[Decision]) -> str:
    """What was done, in one line."""
    words = Counter(_DONE.get(each.deed, str(each.deed)) for each in decisions)
    return f"done: {', '.join(f'{number} {word}' for word, number in words.items())}"
