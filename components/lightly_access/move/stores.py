"""The stores of a dataset that goes: what of them goes with it, and how the other manifest declares them. Pure."""

from collections.abc import Mapping
from typing import Any

from lightly_core.capability import Purpose
from pydantic import ValidationError

from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.move.state import MoveError, Places
from lightly_access.tables.table import StoreTable


def places(manifest: Manifest, dataset: str) -> Places:
    """Of the manifest that has the dataset: what nobody else needs there of what its stores made for it."""
    mine = _made(manifest, dataset)
    others = {name for key in manifest.datasets if key != dataset for name, _ in _made(manifest, key)}
    alone = [(name, purpose) for name, purpose in mine if name not in others]
    # Where Lightly only reads, a stack that did not make the store makes no directory in it.
    forgotten = frozenset(name for name, purpose in alone if "/" in name and purpose is Purpose.INPUT)
    return Places(frozenset(name for name, _ in alone) - forgotten, forgotten)


def _made(manifest: Manifest, dataset: str) -> list[tuple[str, Purpose]]:
    found = []
    for purpose, source in manifest.datasets[dataset].sources.items():
        kind = registry.kind_of(manifest.stores[source.store].kind)
        found += [(name, purpose) for name in kind.made_in_store(source.store, purpose, source.path)]
    return found


def as_it_is(store: StoreTable, written: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a store that another stack made: without whatever is said only of one that is made.

    `outputs` are those of its component: a key that was made with it is named there.
    """
    taken = {key: value for key, value in written.items() if key not in ("create", "aliases")}
    if taken.get("kms_key") == "create":
        taken["kms_key"] = outputs.get("kmsKeyArn")
    while True:
        try:
            type(store).model_validate(taken)
            return taken
        except ValidationError as wrong:
            refused = {str(error["loc"][0]) for error in wrong.errors() if error["loc"]} & taken.keys()
            if not refused:
                raise MoveError("a store cannot be declared as it is: declare it there by hand") from None
            taken = {key: value for key, value in taken.items() if key not in refused}


def missing_there(source: Manifest, target: Manifest | None, dataset: str) -> list[str]:
    """The keys of stores that the target does not have. Raises MoveError for one that is something else there, and for
    an account that is not there."""
    missing = []
    for key in dict.fromkeys(each.store for each in source.datasets[dataset].sources.values()):
        mine, theirs = source.stores[key], target.stores.get(key) if target else None
        kind = registry.kind_of(mine.kind)
        if theirs is None:
            missing.append(key)
        elif theirs.kind != mine.kind or getattr(theirs, kind.container, 0) != getattr(mine, kind.container, 1):
            raise MoveError(f"the other stack has another store {key!r}\nhint: rename one of the two with `aliases`")
        owner = getattr(mine, "owner", None)
        if owner and (target is None or target.accounts.get(owner) != source.accounts[owner]):
            raise MoveError(
                f"accounts.{owner}, whose the store {key!r} is, is not in the other stack\n"
                "hint: declare it there as it is here"
            )
    return missing
