"""Does the steps: asks the provider, keeps the state true before and after, says what happened.

Source: `pkg/resource/deploy/step.go` and `step_executor.go` of pulumi/pulumi.
"""

from collections.abc import Collection, Sequence
from typing import Final

from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine import values
from lightly_sandbox.engine.answers import InitFailed, Live, ProviderError, Target
from lightly_sandbox.engine.checkpoint import Doing
from lightly_sandbox.engine.planner import Action, must_delete_really, refuse_protected_deletion
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Event, Run
from lightly_sandbox.engine.snapshot import Snapshot
from lightly_sandbox.engine.state import Resource, now
from lightly_sandbox.engine.values import SecretValue
from lightly_sandbox.engine.wire import UNKNOWN_STRING

_DOING: Final[dict[str, Doing]] = {
    "create": "creating",
    "create-replacement": "creating",
    "update": "updating",
    "delete": "deleting",
    "delete-replaced": "deleting",
    "discard": "deleting",
    "discard-replaced": "deleting",
    "read": "reading",
    "read-replacement": "reading",
    "import": "importing",
    "import-replacement": "importing",
}


class Executor:
    """Does the steps of one run."""

    def __init__(self, run: Run, snapshot: Snapshot, registry: Registry, *, planned: bool = False) -> None:
        """`planned`: imports come from the verb, not from the program."""
        self._run = run
        self._snapshot = snapshot
        self._registry = registry
        self._planned = planned

    def chain(self, actions: Sequence[Action], deleted: Collection[str] = ()) -> None:
        """Do them one after the other. Raises StoppedError, or what the provider raised, after the state is written."""
        for action in actions:
            self.do(action, deleted)

    def do(self, action: Action, deleted: Collection[str] = ()) -> None:
        """Do one step; `deleted` are the URNs that this run deletes."""
        quick = action.op in ("same", "replace", "remove-pending-replace")
        with self._run.active() if quick else self._run.slot():
            self._do(action, deleted)

    def _do(self, action: Action, deleted: Collection[str]) -> None:
        self._run.started(action)
        subject = action.old if action.op in ("delete", "delete-replaced") else action.resource
        assert subject is not None
        doing = _DOING.get(action.op)
        if doing and not self._run.preview:
            self._snapshot.begin(subject, doing)
        failure: Exception | None = None
        try:
            self._apply(action, deleted)
        except InitFailed as error:
            failure = error
            if action.op == "update" and action.old and action.new:  # it does not have these inputs: its update failed
                action.new.inputs = action.old.inputs
        except Exception as error:
            self._end(subject)
            if not self._run.preview:
                self._run.emit(Event("step-failed", action.op, action.resource.urn, str(error)))
            raise
        if action.new is not None and action.op != "replace":
            mark_secrets(action.new)
            self._run.scrubber.learn([action.new.inputs, action.new.outputs])
            action.new.init_errors = [self._run.scrubber.clean(reason) for reason in action.new.init_errors]
        self._record(action)
        self._end(subject, flush=not self._unchanged(action))
        if failure:
            self._run.emit(Event("step-failed", action.op, action.resource.urn, str(failure)))
            raise failure
        self._run.done(action)

    def _end(self, subject: Resource, *, flush: bool = True) -> None:
        if not self._run.preview:
            self._snapshot.end(subject)
            if flush:
                self._snapshot.flush()

    def _unchanged(self, action: Action) -> bool:
        """Whether writing the state can wait for the next step that changes something, or for the end."""
        if self._run.preview or action.op == "replace":
            return True
        if action.op != "same" or action.old is None or action.new is None:
            return False
        return not self._snapshot.differs(action.old, action.new)

    def _record(self, action: Action) -> None:
        """What the step means for the state."""
        old, new = action.old, action.new
        if action.op in ("create", "create-replacement", "import", "import-replacement"):
            if old and action.later:
                old.delete = True
                self._snapshot.changed(old)
            self._snapshot.put(new, instead_of=old if old and old.pending_replacement else None)
        elif action.op in ("delete", "delete-replaced", "discard", "discard-replaced"):
            assert old is not None
            if action.later:
                old.pending_replacement = True
                self._snapshot.changed(old)
            else:
                self._snapshot.put(None, instead_of=old)
        elif action.op == "read-replacement":
            assert old is not None
            old.delete = True
            self._snapshot.changed(old)
            self._snapshot.put(new)
        elif action.op == "remove-pending-replace":
            self._snapshot.put(None, instead_of=old)
        elif action.op != "replace":
            self._snapshot.put(new, instead_of=old)

    def _apply(self, action: Action, deleted: Collection[str]) -> None:
        match action.op:
            case "same":
                self._keep(action)
            case "create" | "create-replacement":
                self._create(action)
            case "update":
                self._update(action)
            case "delete" | "delete-replaced":
                self._delete(action, deleted)
            case "read" | "read-replacement":
                self._read(action)
            case "import" | "import-replacement":
                self._import(action)

    def _keep(self, action: Action) -> None:
        old, new = action.old, action.new
        assert old is not None
        assert new is not None
        new.id, new.outputs = old.id, old.outputs
        if urns.is_provider(new.type):
            kept = new.copy()
            kept.inputs = old.inputs
            self._registry.keep(kept)

    def _create(self, action: Action) -> None:
        new = action.new
        assert new is not None
        failure: InitFailed | None = None
        if not new.custom:
            live = Live("", new.outputs)
        elif urns.is_provider(new.type):
            live = self._registry.create(new.urn, new.inputs, preview=self._run.preview)
        else:
            try:
                live = self._registry.get(new.provider).create(
                    Target(new.urn),
                    new.inputs,
                    timeout=new.custom_timeouts.get("create", 0),
                    preview=self._run.preview,
                )
            except InitFailed as error:
                failure, live = error, error.live
                new.init_errors = error.reasons
        new.id, new.outputs, new.refresh_before_update = live.id, live.outputs, live.refresh_before_update
        new.created = new.modified = now()
        if failure:
            raise failure

    def _update(self, action: Action) -> None:
        old, new = action.old, action.new
        assert old is not None
        assert new is not None
        new.id, new.created, new.modified = old.id, old.created, old.modified
        failure: InitFailed | None = None
        if not new.custom:
            return
        if urns.is_provider(new.type):
            live = self._registry.update(new.urn, new.id, new.inputs)
        else:
            try:
                live = self._registry.get(new.provider).update(
                    Target(new.urn, old.id),
                    old.inputs,
                    old.outputs or {},
                    new.inputs,
                    ignore=new.ignore_changes,
                    timeout=new.custom_timeouts.get("update", 0),
                    preview=self._run.preview,
                )
            except InitFailed as error:
                failure, live = error, error.live
                new.init_errors = error.reasons
        new.outputs, new.refresh_before_update, new.modified = live.outputs, live.refresh_before_update, now()
        if failure:
            raise failure

    def _delete(self, action: Action, deleted: Collection[str]) -> None:
        old = action.old
        assert old is not None
        if action.op == "delete":
            refuse_protected_deletion(old)
        if not self._run.preview and must_delete_really(old, deleted):
            self._registry.get(old.provider).delete(
                Target(old.urn, old.id), old.inputs, old.outputs or {}, timeout=old.custom_timeouts.get("delete", 0)
            )

    def _read(self, action: Action) -> None:
        old, new = action.old, action.new
        assert new is not None
        failure: InitFailed | None = None
        if new.id == UNKNOWN_STRING:
            new.outputs = {}
        else:
            provider, timeout = self._registry.get(new.provider), new.custom_timeouts.get("read", 0)
            try:
                live = provider.read(Target(new.urn, new.id), new.inputs, new.inputs, timeout=timeout)
            except InitFailed as error:
                failure, live = error, error.live
                new.init_errors = error.reasons
            if live.outputs is None:
                raise ProviderError(f"resource '{new.id}' does not exist")
            new.outputs, new.id = live.outputs, live.id or new.id
        if old:
            new.created, new.modified = old.created, old.modified
            if not values.same(new.inputs, old.inputs) or not values.same(new.outputs, old.outputs or {}):
                new.modified = now()
        if failure:
            raise failure

    def _import(self, action: Action) -> None:
        """Take over a resource that exists: its inputs are what its provider says they are."""
        new = action.new
        assert new is not None
        provider = self._registry.get(new.provider)
        try:
            live = provider.read(Target(new.urn, new.import_id), None, None, timeout=new.custom_timeouts.get("read", 0))
        except InitFailed as error:
            live = error.live
            new.init_errors = error.reasons
        if live.outputs is None:
            raise ProviderError(f"resource '{new.import_id}' does not exist")
        if live.inputs is None:
            raise ProviderError(f"provider {provider.package!r} does not support importing resources")
        new.id, new.inputs, new.outputs = live.id or new.import_id, live.inputs, live.outputs
        if self._planned:
            new.import_id = ""  # only a program's import option is remembered
        new.created = new.modified = now()


def mark_secrets(resource: Resource) -> None:
    """Mark outputs as secret: those that the program names, and those with the name of a secret input."""
    outputs = resource.outputs
    if outputs is None:
        return
    names = {name for name in resource.additional_secret_outputs if name != "id"}
    names |= {name for name, value in resource.inputs.items() if isinstance(value, SecretValue)}
    clear = {name for name in names & outputs.keys() if not isinstance(outputs[name], SecretValue)}
    if clear:  # a new dict: an unchanged resource shares its outputs with its old state
        resource.outputs = {key: SecretValue(value) if key in clear else value for key, value in outputs.items()}
