"""Datasets in stacks that are no shard any more: no run comes to them, and Lightly keeps its access. Pure."""

from collections.abc import Iterable

from lightly_access.fleet.ran import Ran
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest

LEFT_OVER = "no shard any more"


def left_over(fleet: Fleet, manifest: Manifest, stack: str, datasets: Iterable[str]) -> Ran | None:
    """What is said of a stack that was a shard once, with these deployed `datasets`; nothing where it has none.

    One that the manifest has is brought to its shard. Of one that it has no more nobody but this stack knows.
    """
    if not (here := sorted(datasets)):
        return None
    declared = {name for key, each in manifest.datasets.items() for name in (key, *each.aliases)}
    gone = [key for key in here if key not in declared]
    ways = []
    if len(gone) < len(here):
        ways.append(f"`lightly-access fleet settle {fleet.name}` brings what the manifest has to its shard")
    if gone:
        ways.append(f"`pulumi destroy --stack {stack}` ends what it has no more ({', '.join(gone)})")
    # One that is revoked is among them: what it has left at Lightly goes on, too.
    said = f"Lightly keeps what access it has to {', '.join(here)}, deployed where no shard of {fleet.name} comes"
    return Ran(stack, False, LEFT_OVER, (f"{said}\nhint: {', then '.join(ways)}",))
