"""The ways of all resource types that this package makes."""

from lightly_access.kinds import registry
from lightly_access.recover.way import Again, Way

_OURS = "Lightly's call that registers it is the one that changes it"
_NOWHERE = "it is nowhere but in the state"

DATASET = "lightly:index:Dataset"
"""Whose way is in `dataset`: it asks Lightly, and no cloud."""


def ways() -> dict[str, Way]:
    """By the type's token."""
    found: dict[str, Way] = {
        "lightly:index:Datasource": Again(_OURS),
        "lightly:index:Verification": Again("it asks, and makes nothing"),
        "lightly:index:ExternalId": Again(_NOWHERE),
        "lightly:index:BucketGuard": Again(_NOWHERE),
        "lightly:index:AzureSas": Again("its stored policy is found by its name, and used"),
    }
    for kind in registry.ROWS:
        found |= kind.recovery()
    return found
