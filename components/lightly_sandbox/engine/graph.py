"""Who depends on whom among resources that are listed dependencies first.

Source: `pkg/resource/graph/dependency_graph.go` and `ScheduleDeletes` in `pkg/resource/deploy/step_generator.go` of
pulumi/pulumi. One URN may occur several times in a list, when replaced resources wait for their deletion.
"""

from collections.abc import Collection, Sequence

from lightly_sandbox.engine.state import Resource


def dependents(resources: Sequence[Resource], root: Resource, ignore: Collection[str]) -> list[Resource]:
    """All that depend on `root` directly or not, in order; children alone do not count."""
    names, found = {root.urn}, []
    for item in resources[resources.index(root) + 1 :]:
        if item.urn not in ignore and item.needs() & names:
            found.append(item)
            names.add(item.urn)
    return found


def dependencies(resources: Sequence[Resource], of: Resource) -> set[Resource]:
    """What a resource depends on directly: with its parent, and with what is inside a component that it depends on."""
    wanted, found = of.needs(), set()
    before = resources[: resources.index(of)]
    for item in before:
        if item.urn in wanted:
            found.add(item)
            if not item.custom:
                found.update(_inside(before, item.urn))
        if item.urn == of.parent:
            found.add(item)
    return found


def _inside(resources: Sequence[Resource], component: str) -> set[Resource]:
    parents, found = {component}, set()
    for item in resources:
        if item.parent in parents:
            found.add(item)
            parents.add(item.urn)
    return found


def all_dependencies(resources: Sequence[Resource], of: Resource) -> set[Resource]:
    """What a resource depends on, directly or not."""
    found: set[Resource] = set()
    waiting = [of]
    while waiting:
        for item in dependencies(resources, waiting.pop()) - found:
            found.add(item)
            waiting.append(item)
    return found


def deletion_rounds(resources: Sequence[Resource], condemned: Collection[Resource]) -> list[list[Resource]]:
    """The condemned in rounds: all of one round may go at once, and nothing goes before what depends on it."""
    needs = {item: dependencies(resources, item) & set(condemned) for item in resources if item in set(condemned)}
    rounds: list[list[Resource]] = []
    while needs:
        free = [item for item, needed in needs.items() if not needed & needs.keys()]
        rounds.append(free)
        for item in free:
            del needs[item]
    return rounds[::-1]
