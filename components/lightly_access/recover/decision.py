"""What becomes of one thing that was in flight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lightly_access.recover.operation import Operation


class Deed(StrEnum):
    """What is done about it."""

    TAKE = "take over"
    """It goes into the state, and Pulumi reads it."""
    CLEAR = "clear"
    """The note that it was in flight goes; the next run does it."""
    REMOVE = "remove"
    """It is deleted: a creation of ours made it, and nobody can use it."""
    LEAVE = "leave"
    """It is named and left: nothing shows that it is ours."""
    HOLD = "hold"
    """Nobody can tell; nothing at all is done before that is known."""


@dataclass(frozen=True, slots=True)
class Decision:
    """About one operation, or one thing that no state knows.

    Attributes:
        operation: what was in flight; of a stray, the resource that it lies beside.
        said: what was found, in one line.
        hint: what to do, for `leave` and `hold`.
        id: in its cloud.
        seed: outputs to read it with.
    """

    operation: Operation
    deed: Deed
    said: str
    hint: str = ""
    id: str = ""
    seed: Mapping[str, Any] = field(default_factory=dict)
    removed: Callable[[], None] | None = field(default=None, repr=False)
    """What `remove` does. Raises UnaskedError."""
