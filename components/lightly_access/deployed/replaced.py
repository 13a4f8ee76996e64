"""Stores that the next deployment would replace or let go: another name, place or owner. Pure.

Whether they hold data nobody can tell offline; a preview looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lightly_access.deployed.stack import DeployedStack, DeployedStore
from lightly_access.kinds import registry
from lightly_access.kinds.holders import moved
from lightly_access.manifest import Manifest, Problem
from lightly_access.tables.table import StoreTable

_FORCED = "forceDestroy"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A word of a store; `forced` when that is meant: the manifest lets the data go, or the store."""

    said: Problem
    forced: bool


def replaced(manifest: Manifest, deployed: DeployedStack) -> Iterator[Replaced]:
    """Each word that makes the engine replace a store."""
    for key, store in manifest.stores.items():
        old = next((deployed.stores[name] for name in (key, *store.aliases) if name in deployed.stores), None)
        if old and getattr(store, "create", False):
            yield from _replaced(key, store, old)
        elif old and _made(store, old):
            hint = "nothing of it is deleted: the next `pulumi up` lets go of it, and the one after that forgets it"
            said = Problem(("stores", key, "create"), "false", "true, which is deployed", hint)
            yield Replaced(said, forced=True)


def _made(store: StoreTable, old: DeployedStore) -> bool:
    """Whether something of it that holds data is deployed."""
    holders = registry.kind_of(store.kind).holders
    return any(holder.suffix and holder.type in old.resources for holder in holders)


def _replaced(key: str, store: StoreTable, old: DeployedStore) -> Iterator[Replaced]:
    if not _made(store, old):
        return
    holders = registry.kind_of(store.kind).holders
    made = {holder.type: old.resources[holder.type] for holder in holders if holder.type in old.resources}
    new = {word: getattr(store, word, None) for holder in holders for word in holder.fixed}
    forced = any(outputs.get(_FORCED) is True for outputs in made.values())
    for each in moved(holders, made, {word: value for word, value in new.items() if value is not None}):
        becomes = (
            "the next `pulumi up` deletes the deployed one with all that it holds, because of its `force_destroy`"
            if forced
            else "another one would take its place, which `pulumi up` refuses while it holds data; declare the other "
            "one as a store of its own beside it, and let datasets go over when their data are there"
        )
        said = Problem(("stores", key, each.word), each.new, f"{each.deployed}, which is deployed", becomes)
        yield Replaced(said, forced)
