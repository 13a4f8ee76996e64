"""What was there before a run, and what the run has done so far: by URN.

Source: the sets of `stepGenerator` and `getOldResource` in `pkg/resource/deploy/step_generator.go` of pulumi/pulumi.
"""

from collections.abc import Callable, Sequence

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.goal import Goal, Names
from lightly_sandbox.engine.planner import RefusedError
from lightly_sandbox.engine.state import Resource


class CredentialLog:
    """The book of one run. Its owner sees to it that one thread at a time uses it."""

    def __init__(self, names: Names, base: Sequence[Resource]) -> None:
        self.base = list(base)
        self.olds = {item.urn: item for item in base if not item.delete}
        self.news: dict[str, Resource] = {}
        self.operated: set[str] = set()
        self.replaced: set[str] = set()
        self.deleted: set[str] = set()
        self.gone: set[Resource] = set()
        self.taken_over: dict[str, str] = {}  # old URN -> the URN that has it now
        self.renamed: dict[str, str] = {}  # URN -> the old URN that it took over
        self._names = names
        self._seen: set[str] = set()

    def name(self, goal: Goal, on_alias: Callable[[str, str], None]) -> tuple[str, Resource | None]:
        """The URN of a goal, and the old resource of that name or of one of its aliases.

        Raises RefusedError for a name that is taken and for a parent that is not known.
        """
        if goal.parent and goal.parent not in self._seen:
            raise RefusedError(f"could not find parent resource {goal.parent}\nhint: register the parent first")
        urn = urns.make(self._names.stack, self._names.project, goal.parent, goal.type, goal.name)
        if urn in self._seen:
            raise RefusedError(
                f"Duplicate resource URN '{urn}'; try giving it a unique name\n"
                "hint: resources with the same type and parent need different names"
            )
        self._seen.add(urn)
        if urn in self.taken_over:
            other = self.taken_over[urn]
            raise RefusedError(f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{other}'")
        if urn in self.olds:
            return urn, self.olds[urn]
        for alias in self._names.aliases(goal, self.renamed):
            if alias in self.olds:
                self._take_over(alias, urn)
                on_alias(urn, alias)
                return urn, self.olds[alias]
        return urn, None

    def _take_over(self, alias: str, urn: str) -> None:
        if alias in self._seen or alias in self.taken_over:
            other = self.taken_over.get(alias, alias)
            raise RefusedError(
                f"Duplicate resource alias '{alias}' applied to resource with URN '{urn}' conflicting with "
                f"resource with URN '{other}'"
            )
        self.taken_over[alias], self.renamed[urn] = urn, alias

    def was_operated(self, item: Resource) -> bool:
        """Whether the run has dealt with an old resource, under its name or under its new one."""
        return self.taken_over.get(item.urn, item.urn) in self.operated
