"""The owners of the clouds: who plays in a rehearsal of which kinds of store."""

from collections.abc import Iterable

from lightly_rehearsal.owners import aws, azure, gcs, local
from lightly_rehearsal.owners.owner import PRECIOUS, Broken, Guard, Listing, Owner
from lightly_rehearsal.sandbox import Sandbox

OWNERS: tuple[Owner, ...] = (aws, azure, gcs, local)


def present(sandbox: Sandbox) -> list[Owner]:
    """The owners whose cloud was started."""
    return [owner for owner in OWNERS if owner.SIDE in sandbox.sides]


def seed(sandbox: Sandbox, files: Iterable[tuple[str, bytes]]) -> None:
    """Every owner makes the stores that are adopted."""
    found = list(files)
    for owner in present(sandbox):
        owner.seed(sandbox, found)


__all__ = ["OWNERS", "PRECIOUS", "Broken", "Guard", "Listing", "Owner", "present", "seed"]
