"""How a creation that was interrupted is found again. Each kind says it of each of its resource types.

A creation that came to its end without anybody hearing of it has left a thing in its cloud which no state knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Inputs = Mapping[str, Any]
"""Of a resource, as the state has them."""


class UnaskedError(RuntimeError):
    """A cloud could not be asked; the text says why, the hint what to do."""

    def __init__(self, said: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look, and as whom: the inputs of the resource's provider, secrets opened; the environment; the ids of
    everything else in the state; and the ARNs of what the same provider made, which tell in whose account."""

    provider: Mapping[str, Any]
    environ: Mapping[str, str] = field(repr=False)
    ids: frozenset[str] = frozenset()
    arns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Again:
    """Making it anew over what is there changes nothing, so that the next run does.

    Attributes:
        why: in a few words, of a cloud's documentation.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Named:
    """Its id follows from its inputs: Pulumi asks its provider whether it is there, and takes it over.

    Attributes:
        needs: the inputs that it follows from.
        id: raises UnaskedError when it cannot be told from here.
        seed: the outputs that its provider must know in order to read it; none where it imports by the id alone.
        ours: whether its name alone shows that it is this stack's: it ends in a hash of whose it is.
        there: whether its cloud has it. Raises UnaskedError. None where only Pulumi's provider can be asked.
        remove: deletes it, where its stack is not there any more; nothing that holds data. Raises UnaskedError.
        made: when it was made, in UTC, as its cloud says; None for what is not there. Raises UnaskedError.
    """

    needs: frozenset[str]
    id: Callable[[Inputs, Place], str]
    seed: Callable[[Inputs], Mapping[str, Any]] = lambda _: {}
    ours: bool = False
    there: Callable[[Inputs, Place], bool] | None = None
    remove: Callable[[Inputs, Place, str], None] | None = None
    made: Callable[[Inputs, Place], datetime | None] | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """Its cloud chose its id: it is looked for, by what its creation wrote into it.

    Attributes:
        needs: the inputs that it is looked for by.
        word: what it is: `access key`.
        find: the ids of all that fit. Raises UnaskedError.
        remove: ends one that nobody can use. Raises UnaskedError.
        by_hand: the command that does the same.
        taken: whether it can be taken over; a key whose secret was in the lost answer cannot.
        unused: whether nobody has ever used it, as far as its cloud tells; None for a cloud that does not. Raises
            UnaskedError.
        made: when it was made, in UTC, as its cloud says. Raises UnaskedError.
    """

    needs: frozenset[str]
    word: str
    find: Callable[[Inputs, Place], list[str]]
    remove: Callable[[Inputs, Place, str], None]
    by_hand: Callable[[Inputs, str], str]
    taken: bool = False
    unused: Callable[[Inputs, Place, str], bool] | None = None
    made: Callable[[Inputs, Place, str], datetime | None] | None = None


Way = Again | Named | Searched
