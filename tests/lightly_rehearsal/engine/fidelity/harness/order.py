"""Which provider calls had to come one after the other, and whether they did.

Two calls that Pulumi's engine made one after the other bind the other engine only where the order was no accident:

- both are about one resource, or about two of which one (transitively) needs the other: by its dependencies, parent,
  provider or `deletedWith`;
- a delete at the end of a run comes after every create and update of that run (the engine deletes when the program has
  ended: `performDeletes` in pkg/resource/deploy/deployment_executor.go of https://github.com/pulumi/pulumi).

Reads of one refresh run side by side and bind nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..rig.journal import Entry

Key = tuple[str, str, str, int]


def keyed(calls: Iterable[Entry]) -> dict[Key, Entry]:
    """The calls by what they are: name, URN, id and which of those that look alike, in order of their beginning."""
    found: dict[Key, Entry] = {}
    for call in sorted(calls, key=lambda call: int(call["began"])):
        which = 0
        while (key := (call["call"], call.get("urn", ""), call.get("id", ""), which)) in found:
            which += 1
        found[key] = call
    return found


def related(*states: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """For each URN of the states all those that it needs, directly or not."""
    needs: dict[str, set[str]] = {}
    for resource in (resource for state in states for resource in state):
        direct = {*resource.get("dependencies", ()), resource.get("parent", ""), resource.get("deletedWith", "")}
        direct.add(resource.get("provider", "").rsplit("::", 1)[0])
        for names in (resource.get("propertyDependencies") or {}).values():
            direct.update(names or ())
        needs.setdefault(resource["urn"], set()).update(direct - {""})
    grown = True
    while grown:
        grown = False
        for direct in needs.values():
            more = set().union(*(needs.get(urn, set()) for urn in direct)) - direct
            direct |= more
            grown = grown or bool(more)
    return needs


def binding(calls: Iterable[Entry], needs: Mapping[str, set[str]]) -> Iterator[tuple[Key, Key]]:
    """The pairs of calls whose order binds: first, second."""
    found = keyed(calls)
    created = {urn: call["began"] for (name, urn, _, _), call in found.items() if name == "Create"}
    for first, before in found.items():
        for second, after in found.items():
            if before["ended"] >= after["began"] or first[0] == second[0] == "Read":
                continue
            one, other = first[1], second[1]
            about_each_other = one == other or other in needs.get(one, ()) or one in needs.get(other, ())
            at_the_end = second[0] == "Delete" and created.get(other, 0) < after["began"]
            if (about_each_other and one) or (at_the_end and first[0] in {"Create", "Update"}):
                yield first, second


def wrong(expected: Iterable[Entry], actual: Iterable[Entry], needs: Mapping[str, set[str]]) -> list[str]:
    """A sentence for each binding order that the actual calls do not keep."""
    found = keyed(actual)
    return [
        f"order: {_say(second)} began before {_say(first)} had ended"
        for first, second in binding(expected, needs)
        if first in found and second in found and found[first]["ended"] >= found[second]["began"]
    ]


def _say(key: Key) -> str:
    name, urn, thing_id, which = key
    return " ".join(part for part in (name, urn, thing_id, f"(no. {which + 1})" if which else "") if part)
