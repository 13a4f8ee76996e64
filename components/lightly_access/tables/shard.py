"""A shard: the part of a manifest that one stack deploys, part k of n, by a stable hash of each dataset's key."""

import hashlib
import re
from dataclasses import dataclass

from lightly_core.fault import Fault

MOST = 1000
"""Parts of one manifest."""
_NUMBER = "[1-9][0-9]{0,3}"
SHARD_PATTERN = f"^{_NUMBER}/{_NUMBER}$"
_WRITTEN = re.compile(f"({_NUMBER})/({_NUMBER})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, written: str) -> "Shard":
        """`3/8`. Raises ValueError for what `shard_fault` refuses."""
        found = _WRITTEN.fullmatch(written)
        if found is None or shard_fault(written):
            raise ValueError(f"shard: got {written!r}")
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> bool:
        """Whether it makes what belongs to stores. It is always the same one, so no store ever goes to another stack,
        and all others wait for one."""
        return self.number == 1

    def holds(self, dataset: str) -> bool:
        """Whether the dataset of this key is in it."""
        return self.number == shard_of(dataset, self.of)

    def stack(self, fleet: str) -> str:
        """The name of its stack: without `of`, so that no stack is renamed when there are more shards."""
        return f"{fleet}-shard-{self.number}"

    def fleet(self, stack: str) -> str | None:
        """What the stacks of all shards have in their names, of one of them; None for a name of another form."""
        fleet = stack.removesuffix(self.stack(""))
        return fleet if fleet and fleet != stack else None


def shard_of(dataset: str, of: int) -> int:
    """The number of the shard that has the dataset: SHA-256 of its key modulo `of`, plus 1.

    It is the same on every machine, another dataset changes nothing about it, and of twice as many shards the datasets
    of the k-th are in the k-th and in the (k + of)-th.
    """
    return int.from_bytes(hashlib.sha256(dataset.encode()).digest()) % of + 1


def named_after(stack: str, shard: Shard | None) -> str:
    """What a stack is called in the names of what it makes: a shard as all shards, so that what goes to another one has
    the name already that it would get there."""
    return (shard.fleet(stack) if shard else None) or stack


def shard_fault(written: object) -> Fault | None:
    """Whether this is no part of a manifest."""
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found and int(found[1]) <= int(found[2]) <= MOST:
        return None
    return Fault(
        f"k/n, the k-th of n parts, 1/1 to {MOST}/{MOST}", "such as 3/8; without it the stack has all datasets"
    )


def stack_fault(shard: Shard, stack: str) -> Fault | None:
    """Whether the stack of this shard has a name of which the names of the others follow."""
    if shard.fleet(stack):
        return None
    hint = "the shards find each other by their names, and what they make is named after what these have in common"
    return Fault(f"in a stack whose name ends in {shard.stack('')}, such as {shard.stack('prod')}", hint)
