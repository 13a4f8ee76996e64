"""Diff: is a resource as the program wants it?

What changes between the inputs in state and the program's inputs, by property path, and what forces a replacement.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from lightly_sandbox.mock_providers.resource import Facts, Input, Kind, ResourceType
from lightly_sandbox.mock_providers.state import DEFAULTS, same


class Change(IntEnum):
    """PropertyDiff.Kind of the provider protocol; a replacing change is one higher."""

    ADD = 0
    DELETE = 2
    UPDATE = 4


@dataclass(slots=True)
class Difference:
    """What a Diff answers. `detailed` maps a property path to PropertyDiff.Kind."""

    changed: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    detailed: dict[str, int] = field(default_factory=dict)
    delete_first: bool = False


def diff(
    kind: ResourceType, old_inputs: Facts, outputs: Facts, inputs: Facts, region: str, ignored: frozenset[str]
) -> Difference:
    """Compare. `region` is the provider's; a resource without one of its own follows it, and cannot move."""
    found = Difference()
    for prop in kind.inputs:
        old, new = old_inputs.get(prop.name), inputs.get(prop.name)
        if prop.name == "region":
            old, new = outputs.get("region", old), region if new is None else new
            if old is None:
                continue
        elif new is None and prop.computed:
            continue
        if prop.name in ignored or same(prop, old, new):
            continue
        found.changed.append(prop.name)
        if prop.replace:
            found.replaces.append(prop.name)
        for path, change in _paths(prop, prop.name, old, new):
            found.detailed[path] = change + int(prop.replace)
    found.delete_first = bool(found.replaces) and _keeps_its_name(kind, old_inputs, inputs)
    return found


def _keeps_its_name(kind: ResourceType, old_inputs: Facts, inputs: Facts) -> bool:
    """A name that the program gave cannot exist twice, so the old resource goes first, as Pulumi's bridge does it."""
    if kind.naming is None or kind.naming.property in inputs.get(DEFAULTS, ()):
        return False
    name = inputs.get(kind.naming.property)
    return isinstance(name, str) and old_inputs.get(kind.naming.property) == name


def _paths(prop: Input, path: str, old: Any, new: Any) -> Iterator[tuple[str, Change]]:
    if old is None or new is None:
        yield path, Change.ADD if old is None else Change.DELETE
    elif prop.kind is Kind.STRING_MAP and isinstance(old, dict) and isinstance(new, dict):
        yield from _map_paths(path, old, new)
    elif prop.kind is Kind.RECORD and isinstance(old, dict) and isinstance(new, dict):
        yield from _record_paths(prop, path, old, new)
    elif prop.kind is Kind.RECORDS and isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            if isinstance(before, dict) and isinstance(after, dict):
                yield from _record_paths(prop, f"{path}[{index}]", before, after)
            else:
                yield f"{path}[{index}]", Change.UPDATE
    else:
        yield path, Change.UPDATE


def _record_paths(
    prop: Input, path: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Change]]:
    for entry in prop.fields:
        before, after = old.get(entry.name), new.get(entry.name)
        if not same(entry, before, after):
            yield from _paths(entry, f"{path}.{entry.name}", before, after)


def _map_paths(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Change]]:
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield _step(path, key), Change.ADD
        elif key not in new:
            yield _step(path, key), Change.DELETE
        elif old[key] != new[key]:
            yield _step(path, key), Change.UPDATE


def _step(path: str, key: str) -> str:
    """A path as the engine parses it; see `sdk/go/common/resource/property_path.go` of pulumi/pulumi."""
    return f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
