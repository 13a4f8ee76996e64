"""From old state, goal and the provider's answer to the steps that reach the goal. Pure: it asks nobody.

Source: `generateSteps` and what it calls in `pkg/resource/deploy/step_generator.go` of pulumi/pulumi.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import has_unknowns, reveal, same

Op = Literal[
    "same",
    "create",
    "update",
    "replace",
    "create-replacement",
    "delete",
    "delete-replaced",
    "remove-pending-replace",
    "read",
    "read-replacement",
    "discard",
    "discard-replaced",
    "refresh",
    "import",
    "import-replacement",
]
Verdict = Literal["same", "update", "replace", "delete-before-replace"]


class RefusedError(RuntimeError):
    """The engine will not do what the program asks for; the text says why and what to do."""


@dataclass(frozen=True, eq=False)
class Action:
    """One step.

    `later` on a create-replacement: the old one is deleted later. On a delete-replaced: its successor comes later.
    """

    op: Op
    old: Resource | None = None
    new: Resource | None = None
    diff: Diff = field(default_factory=lambda: Diff("none"))
    later: bool = False

    @property
    def resource(self) -> Resource:
        """The resource it is about: the new one when there is one."""
        found = self.new or self.old
        assert found is not None
        return found


def verdict(old: Resource, diff: Diff, goal: Goal) -> Verdict:
    """What has to happen to a resource that exists."""
    if diff.changes == "some" or old.pending_replacement:
        if not diff.replace and not old.pending_replacement:
            return "update"
        first = diff.delete_before_replace if goal.delete_before_replace is None else goal.delete_before_replace
        return "delete-before-replace" if first else "replace"
    # one that is not healthy is updated even though nothing changed: its provider gets another chance
    return "update" if old.init_errors else "same"


def triggered(new: Resource, old: Resource, *, preview: bool) -> bool:
    """Whether another `replacementTrigger` asks for a replacement; none at all, before or now, asks for nothing.

    `shouldTriggerReplace` in `pkg/resource/deploy/step_generator.go` of pulumi/pulumi. Raises RefusedError for an
    unknown one outside a preview.
    """
    wanted, known = reveal(new.replacement_trigger), reveal(old.replacement_trigger)
    if has_unknowns(wanted) and not preview:
        raise RefusedError(f"replacement trigger contains unknowns for {new.urn}")
    if has_unknowns(wanted) or has_unknowns(known):
        return True
    return wanted is not None and known is not None and not same(wanted, known)


def refuse_protected(old: Resource, new: Resource) -> None:
    """Raise Refused when a protected resource would have to be replaced."""
    if old.protect and new.protect:
        raise RefusedError(
            f'unable to replace resource "{new.urn}"\nas it is currently marked for protection. '
            "To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and run "
            "`pulumi up`"
        )


def refuse_imported(goal: Goal, *, preview: bool) -> str:
    """An imported resource is not replaced while the program names its id; a preview gets that as a warning."""
    if not goal.import_id:
        return ""
    message = (
        "previously-imported resources that still specify an ID may not be replaced; please remove the `import` "
        "declaration from your program"
    )
    if preview:
        return message
    raise RefusedError(message)


def components_differ(old: Resource, new: Resource) -> Diff:
    """A component has no provider to ask: its inputs are compared."""
    return Diff("none" if same(old.inputs, new.inputs) else "some")


def needs_import(goal: Goal, old: Resource | None) -> bool:
    """Whether it has to be taken over first: not when the state has it under this id already."""
    known = old.import_id or old.id if old else ""
    return bool(goal.custom and goal.import_id and (old is None or old.external or known != goal.import_id))


def replacement(old: Resource, new: Resource, diff: Diff) -> list[Action]:
    """Create the new one first; the old one is deleted when everything else is done."""
    return [
        Action("create-replacement", old, new, diff, later=True),
        Action("replace", old, new, diff, later=True),
    ]


def recreation(old: Resource, new: Resource, diff: Diff | None = None) -> list[Action]:
    """Create what was deleted earlier in this run."""
    diff = diff or Diff("some")
    return [Action("replace", old, new, diff), Action("create-replacement", old, new, diff)]


def delete_before(old: Resource, new: Resource, diff: Diff, others: Sequence[Resource]) -> list[Action]:
    """Delete the dependents that have to go with it (last first), then the old one, then create the new one."""
    actions = [_delete_dependent(item, new) for item in reversed(others)]
    if not old.pending_replacement:
        actions.append(Action("delete-replaced", old, diff=diff, later=True))
    return [*actions, *recreation(old, new, diff)]


def _delete_dependent(item: Resource, cause: Resource) -> Action:
    if item.delete:
        return Action("delete", item)
    if item.protect:
        raise RefusedError(
            f'unable to replace resource "{item.urn}" as part of replacing "{cause.urn}" as it is currently marked for '
            "protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program "
            f"and run `pulumi up`, or use the command:\n`pulumi state unprotect {item.urn}`"
        )
    return Action("delete-replaced", item, later=True)


def deletion(item: Resource, *, operated: bool) -> Action | None:
    """What becomes of a resource of the old state when the program has ended; None when it stays."""
    if item.delete:
        return Action("discard-replaced" if item.external else "delete-replaced", item)
    if operated:
        return None
    if item.pending_replacement:
        return Action("remove-pending-replace", item)
    return Action("discard" if item.external else "delete", item)


def refuse_protected_deletion(item: Resource) -> None:
    """Raise Refused when a protected resource would be deleted."""
    if item.protect:
        raise RefusedError(
            f'resource "{item.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, '
            "either remove the `protect` flag from the resource in your Pulumi "
            "program and run `pulumi up`, or use the command:\n"
            f"`pulumi state unprotect {item.urn}`"
        )


def must_delete_really(item: Resource, deleted: Collection[str]) -> bool:
    """Whether its provider has to delete it: not what is not ours, is kept, or goes with something else."""
    if item.external or item.retain_on_delete or not item.custom or urns.is_provider(item.type):
        return False
    return not (item.deleted_with and item.deleted_with in deleted)


def repair_dependencies(resources: Sequence[Resource]) -> None:
    """Drop, in place, dependencies on what a refresh found gone (`rebuildBaseState` in deployment_executor.go)."""
    seen: set[str] = set()
    for item in resources:
        item.dependencies = [dep for dep in item.dependencies if dep in seen]
        kept = {key: [dep for dep in deps if dep in seen] for key, deps in item.property_dependencies.items()}
        item.property_dependencies = {key: deps for key, deps in kept.items() if deps}
        if item.deleted_with not in seen:
            item.deleted_with = ""
        seen.add(item.urn)


def repair_parents(olds: Sequence[Resource], kept: Sequence[Resource]) -> None:
    """Give, in place, what lost its parent in a refresh the parent of that parent."""
    above = {item.urn: item.parent for item in olds}
    there = {item.urn for item in kept}
    for item in kept:
        while item.parent and item.parent not in there:
            item.parent = above.get(item.parent, "")
