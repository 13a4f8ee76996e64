"""What the stacks of a project must be to each other and are not: two that write to one directory, or make one store.

Each stack is right by itself, and Pulumi knows of no other. What is told by the environment, or is on a machine of its
own, may be another place in each stack and is left out. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, cast

from lightly_core import directory
from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds import registry
from lightly_access.kinds.kind import Written
from lightly_access.manifest import Manifest
from lightly_access.tables.problem import Problem
from lightly_access.tables.shard import named_after

_OWN = "a directory of its own"


@dataclass(frozen=True, slots=True)
class _Source:
    """A datasource of a stack, and the place that it is in."""

    stack: str
    dataset: str
    purpose: Purpose
    path: str
    place: str
    inside: str

    def __str__(self) -> str:
        return f"datasets.{self.dataset}.{self.purpose.lower()}.path ({self.path!r}) of stack {self.stack}"


def between_stacks(manifests: Mapping[str, Manifest]) -> Iterator[tuple[str, Problem]]:
    """The stack that a problem is of, and the problem: each pair once, at the later stack."""
    apart = dict(_without_shards(manifests))
    yield from _made_twice(apart)
    places: dict[str, dict[str, list[_Source]]] = {}
    for stack, manifest in apart.items():
        for source in _sources(stack, manifest):
            places.setdefault(source.place, {}).setdefault(stack, []).append(source)
    for by_stack in places.values():
        for mine, theirs in combinations(by_stack.values(), 2):
            yield from (found for one, other in product(mine, theirs) if (found := _overlap(one, other)))


def _without_shards(manifests: Mapping[str, Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Each manifest, and one for all shards of the same: what is wrong inside it was said of each of them."""
    seen: list[tuple[str, Manifest]] = []
    for stack, manifest in manifests.items():
        fleet = named_after(stack, manifest.shard)
        tables = (manifest.stores, manifest.datasets)
        if manifest.shard is None:
            yield stack, manifest
        elif not any(each == fleet and (known.stores, known.datasets) == tables for each, known in seen):
            seen.append((fleet, manifest))
            yield stack, replace(manifest, shard=None)


def _overlap(one: _Source, other: _Source) -> tuple[str, Problem] | None:
    """Where Lightly writes to the one what the other one has, whichever contains the other."""
    if not directory.contains(one.inside, other.inside) and not directory.contains(other.inside, one.inside):
        return None
    writer, beside = (other, one) if other.purpose is Purpose.LIGHTLY else (one, other)
    if writer.purpose is not Purpose.LIGHTLY:
        return None
    outer = directory.contains(writer.inside, beside.inside)
    if beside.purpose is Purpose.INPUT and not outer:
        does = f"what Lightly writes for {writer.dataset} would be given as data there"
    else:
        does = "Lightly could overwrite and delete what is there"
    same = "it is the same as" if one.inside == other.inside else "it contains" if outer else "it lies inside"
    where = ("datasets", writer.dataset, "lightly", "path")
    return writer.stack, Problem.of(where, writer.path, Fault(_OWN, f"{same} {beside}: {does}"))


def _made_twice(manifests: Mapping[str, Manifest]) -> Iterator[tuple[str, Problem]]:
    makers: dict[str, str] = {}
    for stack, manifest in manifests.items():
        for key, store in manifest.stores.items():
            place = _place(store, "") if getattr(store, "create", False) else None
            if place and makers.setdefault(place, stack) != stack:
                hint = f"stack {makers[place]} makes it, too: one of the two takes it as it is"
                yield stack, Problem.of(("stores", key, "create"), True, Fault("create: false", hint))


def _sources(stack: str, manifest: Manifest) -> Iterator[_Source]:
    for name, dataset in manifest.datasets.items():
        for purpose, source in dataset.sources.items():
            store = manifest.stores[source.store]
            if place := _place(store, purpose.lower()):
                written = cast(Written, store.model_dump())
                inside = registry.kind_of(store.kind).inside(written, source.path, purpose.lower())
                yield _Source(stack, name, purpose, source.path, place, inside)


def _place(store: Any, purpose: str) -> str | None:
    """What tells the store from all others, where it is the same in every stack."""
    kind = registry.kind_of(store.kind)
    identity = None if kind.of_one_machine else kind.store_identity(store.model_dump(), purpose)
    return None if identity is None or "env:" in identity else identity
