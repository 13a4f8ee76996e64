"""The part of a stack's manifest whose stores are all of some kinds."""

from collections.abc import Collection, Mapping
from typing import Any

from lightly_sandbox.kinds import registry

STORES, DATASETS = "lightly-access:stores", "lightly-access:datasets"
_PURPOSES = ("input", "lightly")


class UnknownKindError(ValueError):
    """`--only-stores` names something that is not a kind of store."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"--only-stores: got {name!r}, expected one or more of: {', '.join(registry.names())}\n"
            "hint: --only-stores s3,azure"
        )


class EmptySelectionError(ValueError):
    """No dataset of the stack has all its stores of these kinds."""

    def __init__(self, kinds: Collection[str], alone: Collection[str]) -> None:
        super().__init__(
            f"--only-stores: got {', '.join(kinds)}, and no dataset of the stack has both its stores of these kinds"
            f"\nhint: name the kind of the other store as well; alone there are: {', '.join(sorted(alone))}"
        )


def known(kinds: Collection[str]) -> frozenset[str]:
    """The kinds themselves; all when none is named. Raises UnknownKindError."""
    for kind in kinds:
        if kind not in registry.names():
            raise UnknownKindError(kind)
    return frozenset(kinds or registry.names())


def excerpt(config: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    """The configuration with the datasets whose stores are all of these kinds, and with their stores.

    EmptySelectionError.
    """
    stores, datasets = config[STORES], config[DATASETS]
    of = {
        name: {stores[dataset[purpose]["store"]]["kind"] for purpose in _PURPOSES} for name, dataset in datasets.items()
    }
    kept = {name: dataset for name, dataset in datasets.items() if of[name] <= kinds}
    if not kept:
        raise EmptySelectionError(sorted(kinds), {kind for found in of.values() if len(found) == 1 for kind in found})
    used = {dataset[purpose]["store"] for dataset in kept.values() for purpose in _PURPOSES}
    return {**config, STORES: {name: store for name, store in stores.items() if name in used}, DATASETS: kept}
