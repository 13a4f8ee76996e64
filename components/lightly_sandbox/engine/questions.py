"""What the engine asks providers while it plans: are these inputs right, what would change, what must go with it.

Source: `continueStepsFromImport`, `diff`, `providerChanged` and `calculateDependentReplacements` in
`pkg/resource/deploy/step_generator.go` of pulumi/pulumi.
"""

import os
from collections.abc import Sequence

from lightly_sandbox.engine import diffs, graph, planner
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import DiffUnavailable, Failure, Target
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.ledger import CredentialLog
from lightly_sandbox.engine.planner import RefusedError
from lightly_sandbox.engine.registry import Registry, provider_inputs
from lightly_sandbox.engine.run import Run
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.values import UNKNOWN, Properties


class Questions:
    """Asked in one run."""

    def __init__(self, run: Run, registry: Registry, credential_log: CredentialLog) -> None:
        self._run = run
        self._registry = registry
        self._ledger = credential_log

    def check(self, new: Resource, olds: Properties, news: Properties) -> Properties:
        """The inputs with their defaults. Raises RefusedError with all that is wrong with them."""
        failures: Sequence[Failure]
        if urns.is_provider(new.type):
            inputs, failures = self._registry.check(new.urn, olds, news)
        else:
            provider, seed = self._registry.get(new.provider), os.urandom(32)
            inputs, failures = provider.check(Target(new.urn), olds, news, seed=seed, preview=self._run.preview)
        self._run.scrubber.learn([news, inputs])
        if failures:
            name = f"{new.type} resource '{urns.name_of(new.urn)}' has a problem: "
            lines = [name + (f"{item.property}: " if item.property else "") + item.reason for item in failures]
            raise RefusedError("\n".join(lines))
        return inputs

    def ignoring(self, goal: Goal, old: Resource) -> Properties:
        """The goal's properties, with those whose changes are ignored as they were."""
        inputs, impossible = diffs.ignore_changes(old.inputs, goal.properties, goal.ignore_changes)
        if impossible:
            message = f'cannot ignore changes in added or removed elements of the path: "{", ".join(impossible)}"'
            self._run.diagnose(message, old.urn, severity="info")
        return inputs

    def diff(self, goal: Goal, old: Resource, new: Resource) -> Diff:
        """What has changed between the old state and what the program asks for."""
        if old.taint:
            return Diff("some", replaces=("id",))
        if new.deleted_with and new.deleted_with in self._ledger.replaced:
            return Diff("some", replaces=("deletedWith",))
        if self._provider_changed(old, new):
            return Diff("some", replaces=("provider",))
        if not new.custom:
            return planner.components_differ(old, new)
        try:
            return self._ask(old, new, new.inputs, goal.ignore_changes, unknowns=self._run.preview)
        except DiffUnavailable as unavailable:
            self._run.diagnose(str(unavailable), new.urn, severity="warning")
            return Diff("some")

    def _ask(self, old: Resource, new: Resource, inputs: Properties, ignore: Sequence[str], *, unknowns: bool) -> Diff:
        if urns.is_provider(old.type):
            return self._registry.diff(new.urn, old, inputs)
        provider = self._registry.get(new.provider)
        target = Target(new.urn, old.id)
        diff = provider.diff(target, old.inputs, old.outputs or {}, inputs, ignore=ignore, unknowns=unknowns)
        return diffs.structural(diff, old.inputs, inputs, ignore) if diff.changes == "unknown" else diff

    def _provider_changed(self, old: Resource, new: Resource) -> bool:
        """Whether it moved to a provider that cannot manage what the old one made."""
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        before, after = urns.parse_reference(old.provider)[0], urns.parse_reference(new.provider)[0]
        if self._ledger.taken_over.get(before) == after:
            return False
        old_provider, new_provider = self._ledger.olds.get(before), self._ledger.news.get(after)
        if old_provider is None or new_provider is None:
            raise RefusedError(f"failed to resolve provider reference {old.provider}")
        instance = self._registry.get(new.provider)
        return self._registry.diff_with(instance, old_provider, provider_inputs(new_provider.inputs)).replace

    def go_with(self, root: Resource) -> list[Resource]:
        """What has to be replaced when `root` is deleted before its successor exists, dependencies first."""
        if root not in self._ledger.base:
            return []
        names, found = {root.urn}, []
        done = self._ledger.operated | self._ledger.deleted  # these cannot depend on it any more
        for item in graph.dependents(self._ledger.base, root, done - {root.urn}):
            if item.custom and not item.external and self._requires_replacement(item, names):
                found.append(item)
                names.add(item.urn)
        cascade = [item for item in self._ledger.olds.values() if item.deleted_with == root.urn and item not in found]
        return [item for item in [*found, *cascade] if item not in self._ledger.gone]

    def _requires_replacement(self, item: Resource, replaced: set[str]) -> bool:
        """Whether it would be replaced if what depends on the replaced ones were unknown."""
        if item.provider and urns.parse_reference(item.provider)[0] in replaced:
            self._registry.get(item.provider)  # it is needed for the deletion
            return True
        if item.deleted_with in replaced:
            return True
        dependencies = item.property_dependencies.items()
        affected = {key for key, deps in dependencies if replaced & set(deps)} & item.inputs.keys()
        if not affected:
            return False
        inputs = {key: UNKNOWN if key in affected else value for key, value in item.inputs.items()}
        diff = self._ask(item, item, inputs, item.ignore_changes, unknowns=True)
        return diffs.replace_on_changes(diff, item.replace_on_changes, init_errors=False).replace
