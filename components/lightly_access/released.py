"""Stores that were made here and are yours now (`create: false`): they are let go of, and nothing of them is deleted.

The engine deletes what the program names no more, unless its state says that it is retained. So the first run names all
of it once more, as it is, and has it retained; the next run leaves it out, and the engine forgets it. The stack's
outputs say how far it has come: `RELEASED` is written when all of a store is retained in the state, and not before.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pulumi

from lightly_access.kinds import registry
from lightly_access.kinds.kind import Kind
from lightly_access.manifest import Manifest
from lightly_access.manifest.part import part
from lightly_access.outputs import NOT_OURS, RELEASED
from lightly_access.tables.table import StoreTable

Resources = Mapping[str, Mapping[str, Any]]
"""URN -> `type` and `outputs`."""


def released(
    manifest: Manifest, outputs: Mapping[str, Any], resources: Callable[[], Resources]
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The stores that this run lets go of: what was made of each, by the end of its name. Pure.

    `outputs` are those of the last run; `resources` is asked only where they leave it open.
    """
    before = outputs.get("stores")
    said = before if isinstance(before, dict) else {}
    asked = [
        (name, store, registry.kind_of(store.kind))
        for name, store in part(manifest).stores.items()
        if not getattr(store, "create", False)
        and not any(said.get(each) in NOT_OURS for each in (name, *store.aliases))
    ]
    asked = [(name, store, kind) for name, store, kind in asked if kind.holders]
    found = resources() if asked else {}
    made = {name: dict(_made(kind, (name, *store.aliases), found)) for name, store, kind in asked}
    return {name: parts for name, parts in made.items() if parts}


def as_made(name: str, store: StoreTable, made: Mapping[str, Mapping[str, Any]]) -> StoreTable:
    """The table that declares once more what was made. Raises ReleaseError when the manifest would lose something."""
    pulumi.log.warn(
        f"stores.{name}: it was made here, and is yours now (`create: false`). Nothing of it is deleted: this run lets "
        "go of it, and the next one forgets it"
    )
    table: StoreTable = registry.kind_of(store.kind).as_made(f"stores.{name}", store, made)
    return table


def let_go(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options of a store whose resources stay as they are, and are forgotten when they are named no more."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[_retained]))


def told(store: Any) -> pulumi.Output[str]:
    """`RELEASED`, as soon as all of a store is retained in the state."""
    return pulumi.Output.all(*(each.urn for each in store.prerequisites)).apply(lambda _: RELEASED)


def _retained(asked: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    if not isinstance(asked.resource, pulumi.CustomResource):
        return None
    kept = pulumi.ResourceOptions(retain_on_delete=True, ignore_changes=["*"])
    return pulumi.ResourceTransformationResult(asked.props, pulumi.ResourceOptions.merge(asked.opts, kept))


def _made(kind: Kind, names: tuple[str, ...], resources: Resources) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Nothing, where no part of the store holds data."""
    holds = {(holder.type, holder.suffix) for holder in kind.holders if holder.suffix}
    parts = [
        (str(each.get("type")), last.removeprefix(f"{name}-"), each["outputs"])
        for urn, each in resources.items()
        for name in names
        if (last := urn.rpartition("::")[2]).startswith(f"{name}-")
    ]
    if any((type_, suffix) in holds for type_, suffix, _ in parts):
        yield from ((suffix, outputs) for _, suffix, outputs in parts)
