"""One deployment: takes the program's registrations one by one, plans each against the old state, and has the steps done.

Source: `pkg/resource/deploy/step_generator.go` and `deployment_executor.go` of pulumi/pulumi. Registrations are
planned in turn, in the order in which they come; their steps run side by side.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from lightly_rehearsal.engine import diffs, graph, planner
from lightly_rehearsal.engine import urn as urns
from lightly_rehearsal.engine.diffs import Diff
from lightly_rehearsal.engine.executor import Executor
from lightly_rehearsal.engine.goal import Goal
from lightly_rehearsal.engine.planner import Action, Refused
from lightly_rehearsal.engine.provider import DiffUnavailable, Failure, ProviderError, Target
from lightly_rehearsal.engine.registry import Registry, provider_inputs
from lightly_rehearsal.engine.run import Run, Stopped
from lightly_rehearsal.engine.snapshot import Snapshot
from lightly_rehearsal.engine.state import Resource
from lightly_rehearsal.engine.turns import Turns
from lightly_rehearsal.engine.values import UNKNOWN, Properties, same
from lightly_rehearsal.engine.wire import WireError

FAILURES = (ProviderError, Refused, WireError)


class Deployment:
    """The registrations of one run and what they led to."""

    def __init__(self, run: Run, snapshot: Snapshot, registry: Registry) -> None:
        self.run = run
        self.snapshot = snapshot
        self.registry = registry
        self.executor = Executor(run, snapshot, registry)
        self.news: dict[str, Resource] = {}
        self.stack_outputs: Properties | None = None
        self._names = run.names
        self._base = list(snapshot.base)
        self._olds = {item.urn: item for item in self._base if not item.delete}
        self._lock = threading.RLock()
        self._turns = Turns()
        self._seen: set[str] = set()
        self._operated: set[str] = set()
        self._replaced: set[str] = set()
        self._deleted: set[str] = set()
        self._gone: set[Resource] = set()
        self._aliased: dict[str, str] = {}  # old URN -> the URN that took it over
        self._renamed: dict[str, str] = {}  # URN -> the old URN that it took over
        self._components: dict[str, Resource] = {}

    # -- what the program asks for -----------------------------------------------------------------------------------

    def register(self, goal: Goal) -> Resource:
        """Bring one resource to its goal. Raises Stopped when the run has failed, here or elsewhere."""
        self.run.check()
        urn = goal.name
        try:
            with self._turns:
                self.run.check()
                urn, old, new = self._begin(goal)
                imports = self._importing(goal, urn, old)
                actions = [] if imports else self._plan(goal, urn, old, new)
            if imports:
                old, new = self._import(goal, urn, old, new)
                with self._turns:
                    actions = self._plan(goal, urn, old, new)
            self.executor.chain(actions, self._deleted)
        except Stopped:
            raise
        except FAILURES as error:
            self.run.fail(str(error), urn)
            raise Stopped(str(error)) from None
        except Exception as error:
            self.run.fail(f"the engine failed: {error!r}", urn)
            raise
        result = actions[-1].resource if actions else old
        assert result is not None
        with self._lock:
            self.news[urn] = result
        return result

    def read(self, goal: Goal, id_: str) -> Resource:
        """Look up a resource that is not ours (`.get` in an SDK)."""
        self.run.check()
        urn = goal.name
        try:
            with self._turns, self._lock:
                urn, old = self._name(goal)
                new = goal.state(urn, old)
                new.id, new.external, new.custom = id_, True, True
                if not id_:
                    raise Refused(f"expected an ID for {urn}")
                self._operated.add(urn)
                replaces = old is not None and not old.external and old.id != id_
            op: planner.Op = "read-replacement" if replaces else "read"
            actions = [Action(op, old, new)]
            self.executor.chain([*actions, Action("replace", old, new, later=True)] if replaces else actions)
        except FAILURES as error:
            self.run.fail(str(error), urn)
            raise Stopped(str(error)) from None
        with self._lock:
            self.news[urn] = new
        return new

    def register_outputs(self, urn: str, outputs: Properties) -> None:
        """The outputs of a component, or of the stack: those wait until it is known whether the run succeeds."""
        if urns.types(urn) == urns.STACK_TYPE:
            self.stack_outputs = outputs
            return
        with self._lock:
            resource = self.news.get(urn)
            if resource is None:
                raise Refused(f"cannot complete a resource '{urn}' whose registration isn't pending")
            changed = not same(resource.outputs or {}, outputs)
            resource.outputs = outputs
        if changed:
            self.snapshot.changed(resource)
            self.snapshot.flush()

    def finish_stack(self) -> None:
        """Write the stack's outputs. After a failure old outputs stay, unless there is a new value for them."""
        stack = next((item for urn, item in self.news.items() if urns.types(urn) == urns.STACK_TYPE), None)
        if stack is None or self.stack_outputs is None:
            return
        kept = dict(stack.outputs or {}) if self.run.failed else {}
        stack.outputs = {**kept, **self.stack_outputs}
        self.snapshot.changed(stack)

    # -- planning ----------------------------------------------------------------------------------------------------

    def _begin(self, goal: Goal) -> tuple[str, Resource | None, Resource]:
        with self._lock:
            if goal.parent and goal.parent not in self._seen:
                raise Refused(f"could not find parent resource {goal.parent}")
            urn, old = self._name(goal)
            return urn, old, goal.state(urn, old, self._renamed.get(urn, ""))

    def _name(self, goal: Goal) -> tuple[str, Resource | None]:
        """Its URN, and the old resource of that name or of one of its aliases."""
        urn = urns.make(self._names.stack, self._names.project, goal.parent, goal.type, goal.name)
        if urn in self._seen:
            raise Refused(
                f"Duplicate resource URN '{urn}'; try giving it a unique name\nhint: resources with the same type and parent "
                "need different names"
            )
        self._seen.add(urn)
        if urn in self._aliased:
            raise Refused(
                f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{self._aliased[urn]}'"
            )
        if urn in self._olds:
            return urn, self._olds[urn]
        for alias in self._names.aliases(goal, self._renamed):
            if alias not in self._olds:
                continue
            if alias in self._seen or alias in self._aliased:
                raise Refused(
                    f"Duplicate resource alias '{alias}' applied to resource with URN '{urn}' conflicting with resource with "
                    f"URN '{self._aliased.get(alias, alias)}'"
                )
            self._aliased[alias], self._renamed[urn] = urn, alias
            self.registry.alias(urn, alias)
            return urn, self._olds[alias]
        return urn, None

    @staticmethod
    def _importing(goal: Goal, urn: str, old: Resource | None) -> bool:
        """Whether it has to be taken over first: not when the state has it under this id already."""
        taken = old.import_id or old.id if old else ""
        return bool(goal.custom and goal.import_id and (old is None or old.external or taken != goal.import_id))

    def _plan(self, goal: Goal, urn: str, old: Resource | None, new: Resource) -> list[Action]:
        with self._lock:
            recreating = urn in self._deleted
        fresh = recreating or old is None or old.external or old.taint
        if goal.custom:
            seed = os.urandom(32)
            wanted = goal.properties if fresh or old is None else self._ignoring(goal, old)
            new.inputs = self._check(new, {} if fresh or old is None else old.inputs, wanted, seed)
        if old is None:
            with self._lock:
                self._operated.add(urn)
            return [Action("create", new=new)]
        if recreating:
            return self._recreate(urn, old, new)
        if old.external:
            with self._lock:
                self._operated.add(urn)
            return planner.replacement(old, new, Diff("some"))
        return self._decide(goal, urn, old, new, self._diff(goal, old, new))

    def _recreate(self, urn: str, old: Resource, new: Resource) -> list[Action]:
        with self._lock:
            self._deleted.discard(urn)
            self._replaced.add(urn)
            self._operated.add(urn)
        return planner.recreation(old, new)

    def _decide(self, goal: Goal, urn: str, old: Resource, new: Resource, diff: Diff) -> list[Action]:
        diff = diffs.replace_on_changes(diff, goal.replace_on_changes, init_errors=bool(old.init_errors))
        with self._lock:
            if urn in self._deleted:  # another resource took this one with it while we were asking
                return self._recreate(urn, old, new)
            verdict = planner.verdict(old, diff, goal)
            self._operated.add(urn)
            if verdict in ("same", "update"):
                imported = self.news.get(urn) is old
                return [] if verdict == "same" and imported else [Action(verdict, old, new, diff)]
            self._refuse_replacement(goal, old, new)
            self._replaced.add(urn)
        if new.custom and not old.taint:
            new.inputs = self._check(new, {}, goal.properties, os.urandom(32))
        if verdict == "replace":
            return planner.replacement(old, new, diff)
        return self._delete_first(old, new, diff)

    def _refuse_replacement(self, goal: Goal, old: Resource, new: Resource) -> None:
        try:
            planner.refuse_protected(old, new)
        except Refused as error:
            if not self.run.preview:
                raise
            self.run.diagnose(str(error), new.urn)  # a preview shows everything that is wrong
        warning = planner.refuse_imported(goal, preview=self.run.preview)
        if warning:
            self.run.diagnose(warning, new.urn, severity="warning")

    def _delete_first(self, old: Resource, new: Resource, diff: Diff) -> list[Action]:
        with self._lock:
            others = self._replaced_with(old) if old in self._base else []
            others = [item for item in others if item not in self._gone]
            actions = planner.delete_before(old, new, diff, others)
            for item in [*others, old]:
                self._deleted.add(item.urn)
                self._gone.add(item)
            self._deleted.discard(new.urn)
            return actions

    def _replaced_with(self, root: Resource) -> list[Resource]:
        """What has to be replaced when `root` is deleted before its successor exists: in order."""
        names, found = {root.urn}, []
        for item in graph.dependents(self._base, root, self._operated - {root.urn}):
            if item.custom and not item.external and self._requires_replacement(item, names):
                found.append(item)
                names.add(item.urn)
        cascade = [item for item in self._olds.values() if item.deleted_with == root.urn and item not in found]
        return [*found, *cascade]

    def _requires_replacement(self, item: Resource, replaced: set[str]) -> bool:
        """Whether it would be replaced if what depends on the replaced ones were unknown."""
        if item.provider and urns.parse_reference(item.provider)[0] in replaced:
            return True
        if item.deleted_with in replaced:
            return True
        affected = {
            key for key, deps in item.property_dependencies.items() if replaced & set(deps)
        } & item.inputs.keys()
        if not affected:
            return False
        inputs = {key: UNKNOWN if key in affected else value for key, value in item.inputs.items()}
        diff = self._ask(item, item, inputs, item.ignore_changes, unknowns=True)
        return diffs.replace_on_changes(diff, item.replace_on_changes, init_errors=False).replace

    # -- asking providers --------------------------------------------------------------------------------------------

    def _ignoring(self, goal: Goal, old: Resource) -> Properties:
        inputs, impossible = diffs.ignore_changes(old.inputs, goal.properties, goal.ignore_changes)
        if impossible:
            message = f'cannot ignore changes in added or removed elements of the path: "{", ".join(impossible)}"'
            self.run.diagnose(message, old.urn, severity="info")
        return inputs

    def _check(self, new: Resource, olds: Properties, news: Properties, seed: bytes) -> Properties:
        failures: Sequence[Failure]
        if urns.is_provider(new.type):
            inputs, failures = self.registry.check(new.urn, olds, news)
        else:
            provider = self.registry.get(new.provider)
            inputs, failures = provider.check(Target(new.urn), olds, news, seed=seed, preview=self.run.preview)
        self.run.scrubber.learn([news, inputs])
        if failures:
            name = f"{new.type} resource '{urns.name_of(new.urn)}' has a problem: "
            raise Refused(
                "\n".join(name + (f"{item.property}: " if item.property else "") + item.reason for item in failures)
            )
        return inputs

    def _diff(self, goal: Goal, old: Resource, new: Resource) -> Diff:
        if old.taint:
            return Diff("some", replaces=("id",))
        if new.deleted_with and new.deleted_with in self._replaced:
            return Diff("some", replaces=("deletedWith",))
        if self._provider_changed(old, new):
            return Diff("some", replaces=("provider",))
        if not new.custom:
            return planner.components_differ(old, new)
        try:
            return self._ask(old, new, new.inputs, goal.ignore_changes, unknowns=self.run.preview)
        except DiffUnavailable as unavailable:
            self.run.diagnose(str(unavailable), new.urn, severity="warning")
            return Diff("some")

    def _ask(self, old: Resource, new: Resource, inputs: Properties, ignore: Sequence[str], *, unknowns: bool) -> Diff:
        if urns.is_provider(old.type):
            return self.registry.diff(new.urn, old, inputs)
        provider = self.registry.get(new.provider)
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
        with self._lock:
            if self._aliased.get(before) == after:
                return False
            old_provider, new_provider = self._olds.get(before), self.news.get(after)
        if old_provider is None or new_provider is None:
            raise Refused(f"failed to resolve provider reference {old.provider}")
        instance = self.registry.get(new.provider)
        return self.registry.diff_with(instance, old_provider, provider_inputs(new_provider.inputs)).replace

    def _import(self, goal: Goal, urn: str, old: Resource | None, new: Resource) -> tuple[Resource, Resource]:
        """Take over a resource that exists under this id, then go on as if it had been in the state all along."""
        if old is None:
            self.executor.do(Action("import", new=new))
        else:
            actions = [Action("import-replacement", old, new, later=True), Action("replace", old, new, later=True)]
            self.executor.chain(actions)
        with self._lock:
            self._operated.add(urn)
            self.news[urn] = new
        wanted = goal.state(urn, new)
        wanted.aliases, wanted.import_id = new.aliases, new.import_id
        return new, wanted

    # -- after the program -------------------------------------------------------------------------------------------

    def delete_rest(self) -> None:
        """Delete what the program did not ask for any more, and what waits for its deletion; dependents first."""
        with self._lock:
            actions: dict[Resource, Action] = {}
            for item in self._base:
                if item in self._gone and not item.pending_replacement:
                    continue
                name = self._aliased.get(item.urn, item.urn)
                action = planner.deletion(item, operated=name in self._operated)
                if action and item not in self._gone:
                    actions[item] = action
                    self._deleted.add(item.urn)
        for item in actions:
            if item.provider:
                self.registry.get(item.provider)
        rounds = graph.deletion_rounds(self._base, actions.keys())
        blocked: set[Resource] = set()
        with ThreadPoolExecutor(self.run.parallel, thread_name_prefix="delete") as pool:
            for items in rounds:
                self.run.check()
                todo = [item for item in items if item not in blocked]
                for item, failed in zip(todo, pool.map(lambda it: self._delete(actions[it]), todo), strict=True):
                    if failed:
                        blocked |= graph.all_dependencies(self._base, item)

    def _delete(self, action: Action) -> bool:
        """Whether it failed. A protected resource does not stop the others; any other failure does."""
        try:
            self.executor.do(action, self._deleted)
        except Refused as error:
            self.run.diagnose(str(error), action.resource.urn)
            if self.run.preview:
                self.run.done(action, count="")
        except Stopped:
            return True
        except FAILURES as error:
            self.run.fail(str(error), action.resource.urn)
        else:
            return False
        return True
