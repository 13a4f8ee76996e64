"""Which provider calls had to come one after the other, and whether they did.

Two calls that Pulumi's engine made one after the other bind the other engine only where the order was no accident:

- both are about one resource, or about two of which one (transitively) needs the other: by its dependencies, parent,
  provider or `deletedWith`;
- a delete at the end of a run comes after every create and update of that run (the engine deletes when the program has
  ended: `performDeletes` in pkg/resource/deploy/deployment_executor.go of https://github.com/pulumi/pulumi).

Reads run side by side and bind nobody. A diff binds only within its resource: the engine also asks for the diff of a
dependent that may have to be deleted first, at no particular time. Setting up a provider binds only what it provides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tests.lightly_sandbox.engine.fidelity.rig.journal import Entry

_SETTING_UP = frozenset({"CheckConfig", "DiffConfig", "Configure"})
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


def direct(state: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """For each URN of a state those that it needs directly."""
    needs: dict[str, set[str]] = {}
    for resource in state:
        found = {*resource.get("dependencies", ()), resource.get("parent", ""), resource.get("deletedWith", "")}
        found.add(_provider(resource))
        for names in (resource.get("propertyDependencies") or {}).values():
            found.update(names or ())
        needs.setdefault(resource["urn"], set()).update(found - {""})
    return needs


def closed(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same with what is needed indirectly."""
    closure = {urn: set(found) for urn, found in needs.items()}
    grown = True
    while grown:
        grown = False
        for found in closure.values():
            more = set().union(*(closure.get(urn, set()) for urn in found)) - found
            found |= more
            grown = grown or bool(more)
    return closure


@dataclass(frozen=True)
class Graph:
    """Who needs whom in the state after a step, and each resource's own provider.

    `nearest` is who needs whom directly, before the step and after it. The engine orders two deletes only by that, so
    that the way from one to the other leads over deletes alone (`ScheduleDeletes` in
    pkg/resource/deploy/step_generator.go).
    """

    after: Mapping[str, set[str]]
    nearest: tuple[Mapping[str, set[str]], ...]
    providers: Mapping[str, set[str]]

    @classmethod
    def of(cls, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Self:
        """The graph of a step between two states."""
        old, new = list(before), list(after)
        providers: dict[str, set[str]] = {}
        for resource in old + new:
            providers.setdefault(resource["urn"], set()).add(_provider(resource))
        nearest = (direct(old), direct(new))
        return cls(closed(nearest[1]), nearest, providers)

    def bound(self, first: Key, second: Key) -> bool:
        """Whether the order of two calls follows from what they are about."""
        one, other = first[1], second[1]
        if one == other:
            twins = {first[0], second[0]} <= {"Read", "Diff", "Delete"} and first[2] != second[2]
            return bool(one) and not twins  # one that was replaced and its successor, or two that wait for deletion
        if first[0] in _SETTING_UP:
            return one in self.providers.get(other, ())
        if second[0] in _SETTING_UP:
            return one in self.after.get(other, ())
        if first[0] == second[0] == "Read" or "Diff" in (first[0], second[0]):
            return False
        graphs = self.nearest if first[0] == second[0] == "Delete" else (self.after,)
        return any(other in needs.get(one, ()) or one in needs.get(other, ()) for needs in graphs)


def binding(calls: Iterable[Entry], graph: Graph) -> Iterator[tuple[Key, Key]]:
    """The pairs of calls whose order binds: first, second."""
    found = keyed(calls)
    created = {urn: call["began"] for (name, urn, _, _), call in found.items() if name == "Create"}
    for first, before in found.items():
        for second, after in found.items():
            at_the_end = second[0] == "Delete" and created.get(second[1], 0) < after["began"]
            last = at_the_end and first[0] in {"Create", "Update"}
            if before["ended"] < after["began"] and (last or graph.bound(first, second)):
                yield first, second


def wrong(expected: Iterable[Entry], actual: Iterable[Entry], graph: Graph) -> list[str]:
    """A sentence for each binding order that the actual calls do not keep."""
    found = keyed(actual)
    return [
        f"order: {_say(second)} began before {_say(first)} had ended"
        for first, second in binding(expected, graph)
        if first in found and second in found and found[first]["ended"] >= found[second]["began"]
    ]


def _provider(resource: Mapping[str, Any]) -> str:
    return str(resource.get("provider", "")).rsplit("::", 1)[0]


def _say(key: Key) -> str:
    name, urn, thing_id, which = key
    return " ".join(part for part in (name, urn, thing_id, f"(no. {which + 1})" if which else "") if part)
