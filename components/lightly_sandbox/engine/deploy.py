"""One deployment: takes the program's registrations, plans each against the old state, and has the steps done.

Source: `pkg/resource/deploy/step_generator.go` and `deployment_executor.go` of pulumi/pulumi. Registrations are
planned in turn, in the order in which they come; their steps run side by side.
"""

import threading
from collections.abc import Callable

from lightly_sandbox.engine import deletions, diffs, planner
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import ProviderError
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.executor import Executor
from lightly_sandbox.engine.goal import Goal
from lightly_sandbox.engine.ledger import CredentialLog
from lightly_sandbox.engine.planner import Action, RefusedError
from lightly_sandbox.engine.policies import Policies, provider_of
from lightly_sandbox.engine.questions import Questions
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Run, StoppedError
from lightly_sandbox.engine.snapshot import Snapshot
from lightly_sandbox.engine.state import Resource
from lightly_sandbox.engine.turns import Turns
from lightly_sandbox.engine.values import Properties, same
from lightly_sandbox.engine.wire import WireError

FAILURES = (ProviderError, RefusedError, WireError)


class Deployment:
    """The registrations of one run and what they led to."""

    def __init__(self, run: Run, snapshot: Snapshot, registry: Registry, policies: Policies | None = None) -> None:
        self.run = run
        self.registry = registry
        self.policies = policies or Policies(run)
        self._snapshot = snapshot
        self._executor = Executor(run, snapshot, registry)
        self._ledger = CredentialLog(run.names, snapshot.base)
        self._questions = Questions(run, registry, self._ledger)
        self._turns = Turns()
        self._lock = threading.RLock()
        self._stack_outputs: Properties | None = None

    def register(self, goal: Goal) -> Resource:
        """Bring one resource to its goal. Raises StoppedError when the run has failed, here or elsewhere."""
        return self._guarded(goal, lambda: self._register(goal))

    def read(self, goal: Goal, id_: str) -> Resource:
        """Look up a resource that is not ours (`.get` in an SDK). Raises StoppedError."""
        return self._guarded(goal, lambda: self._read(goal, id_))

    def find(self, urn: str) -> Resource | None:
        """A resource that was registered or read in this run."""
        return self._ledger.news.get(urn)

    def register_outputs(self, urn: str, outputs: Properties) -> None:
        """The outputs of a component, or of the stack: those wait until it is known whether the run succeeds."""
        if urns.types(urn) == urns.STACK_TYPE:
            self._stack_outputs = outputs
            return
        with self._lock:
            resource = self._ledger.news.get(urn)
            if resource is None:
                raise RefusedError(f"cannot complete a resource '{urn}' whose registration isn't pending")
            changed = not same(resource.outputs or {}, outputs)
            resource.outputs = outputs
        if changed:
            self._snapshot.changed(resource)
            self._snapshot.flush()

    def finish_stack(self) -> None:
        """Write the stack's outputs. After a failure old outputs stay, unless there is a new value for them."""
        stacks = [item for urn, item in self._ledger.news.items() if urns.types(urn) == urns.STACK_TYPE]
        if not stacks or self._stack_outputs is None:
            return
        kept = dict(stacks[0].outputs or {}) if self.run.failed else {}
        stacks[0].outputs = {**kept, **self._stack_outputs}
        self._snapshot.changed(stacks[0])

    def delete_rest(self) -> None:
        """Delete what the program did not ask for any more, and what waits for its deletion."""
        deletions.delete_rest(self.run, self._ledger, self.registry, self._executor)

    def judge(self) -> None:
        """Have the policy packs judge the stack as it is now, its outputs included."""
        self.finish_stack()
        with self._lock:
            news = dict(self._ledger.news)
        self.policies.judge_stack(news.values(), news)

    def _guarded(self, goal: Goal, work: Callable[[], Resource]) -> Resource:
        """Do the work for one goal; what goes wrong with it fails the run."""
        subject = urns.make(self.run.names.stack, self.run.names.project, goal.parent, goal.type, goal.name)
        try:
            resource = work()
        except FAILURES as error:
            self.run.fail(str(error), subject)
            raise StoppedError(str(error)) from None
        with self._lock:
            self._ledger.news[resource.urn] = resource
        return resource

    def _register(self, goal: Goal) -> Resource:
        with self._turns:
            self.run.check()
            with self._lock:
                urn, old = self._ledger.name(goal, self.registry.alias)
                new = goal.state(urn, old, self._ledger.renamed.get(urn, ""))
            importing = planner.needs_import(goal, old)
            actions = [] if importing else self._plan(goal, old, new)
        if importing:
            old, new = self._import(goal, old, new)
            with self._turns:
                actions = self._plan(goal, old, new)
        self._executor.chain(actions, self._ledger.deleted)
        if actions:
            return actions[-1].resource
        assert old is not None, "only what was just imported may need no step"
        return old

    def _read(self, goal: Goal, id_: str) -> Resource:
        with self._turns, self._lock:
            self.run.check()
            urn, old = self._ledger.name(goal, self.registry.alias)
            new = goal.state(urn, old)
            new.id, new.external = id_, True
            if not id_:
                raise RefusedError(f"expected an ID for {urn}")
            self._ledger.operated.add(urn)
        if old is not None and not old.external and old.id != id_:
            actions = [Action("read-replacement", old, new), Action("replace", old, new, later=True)]
        else:
            actions = [Action("read", old, new)]
        self._executor.chain(actions)
        return new

    def _import(self, goal: Goal, old: Resource | None, new: Resource) -> tuple[Resource, Resource]:
        """Take over a resource that exists under this id, then go on as if it had been in the state all along."""
        if old is None:
            self._executor.do(Action("import", new=new))
        else:
            actions = [Action("import-replacement", old, new, later=True), Action("replace", old, new, later=True)]
            self._executor.chain(actions)
        with self._lock:
            self._ledger.operated.add(new.urn)
            self._ledger.news[new.urn] = new
        wanted = goal.state(new.urn, new)
        wanted.aliases, wanted.import_id = new.aliases, new.import_id
        return new, wanted

    def _plan(self, goal: Goal, old: Resource | None, new: Resource) -> list[Action]:
        with self._lock:
            recreating = new.urn in self._ledger.deleted
        if goal.custom:
            if recreating or old is None or old.external or old.taint:
                new.inputs = self._questions.check(new, {}, goal.properties)
            else:
                new.inputs = self._questions.check(new, old.inputs, self._questions.ignoring(goal, old))
        with self._lock:
            provider = provider_of(new, self._ledger.news)
        self.policies.judge(new, goal, provider)
        if old is not None and not recreating and not old.external:
            if planner.triggered(new, old, preview=self.run.preview):
                return self._decide(goal, old, new, Diff("some", triggered=True))
            return self._decide(goal, old, new, self._questions.diff(goal, old, new))
        with self._lock:
            self._ledger.operated.add(new.urn)
            if old is None:
                return [Action("create", new=new)]
            return self._recreate(old, new) if recreating else planner.replacement(old, new, Diff("some"))

    def _recreate(self, old: Resource, new: Resource) -> list[Action]:
        """It was deleted earlier in this run, with something that it depends on: create it anew."""
        self._ledger.deleted.discard(new.urn)
        self._ledger.replaced.add(new.urn)
        self._ledger.operated.add(new.urn)
        return planner.recreation(old, new)

    def _decide(self, goal: Goal, old: Resource, new: Resource, diff: Diff) -> list[Action]:
        diff = diffs.replace_on_changes(diff, goal.replace_on_changes, init_errors=bool(old.init_errors))
        with self._lock:
            if new.urn in self._ledger.deleted:
                return self._recreate(old, new)
            verdict = planner.verdict(old, diff, goal)
            self._ledger.operated.add(new.urn)
            if verdict in ("same", "update"):
                imported = self._ledger.news.get(new.urn) is old
                return [] if verdict == "same" and imported else [Action(verdict, old, new, diff)]
            self._refuse_replacement(goal, old, new)
            self._ledger.replaced.add(new.urn)
        if new.custom and not old.taint:
            new.inputs = self._questions.check(new, {}, goal.properties)
        if verdict == "replace":
            return planner.replacement(old, new, diff)
        return self._delete_first(old, new, diff)

    def _refuse_replacement(self, goal: Goal, old: Resource, new: Resource) -> None:
        try:
            planner.refuse_protected(old, new)
        except RefusedError as error:
            if not self.run.preview:
                raise
            self.run.diagnose(str(error), new.urn)  # a preview shows everything that is wrong
        warning = planner.refuse_imported(goal, preview=self.run.preview)
        if warning:
            self.run.diagnose(warning, new.urn, severity="warning")

    def _delete_first(self, old: Resource, new: Resource, diff: Diff) -> list[Action]:
        with self._lock:
            others = self._questions.go_with(old)
            actions = planner.delete_before(old, new, diff, others)
            for item in [*others, old]:
                self._ledger.gone.add(item)
                if item is not old or not old.pending_replacement:  # what is deleted with it sees that it is deleted
                    self._ledger.deleted.add(item.urn)
            return actions
