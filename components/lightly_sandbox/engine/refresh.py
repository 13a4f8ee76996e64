"""Looks at what there really is, and brings the state in line.

Source: `RefreshStep` in `pkg/resource/deploy/step.go` and `refresh`, `rebuildBaseState` in `deployment_executor.go` of
pulumi/pulumi.
"""

from concurrent.futures import ThreadPoolExecutor

from lightly_sandbox.engine import diffs, planner
from lightly_sandbox.engine import urn as urns
from lightly_sandbox.engine.answers import InitFailed, ProviderError, Target
from lightly_sandbox.engine.diffs import Diff
from lightly_sandbox.engine.executor import mark_secrets
from lightly_sandbox.engine.planner import Action
from lightly_sandbox.engine.provider import Provider
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Event, Run
from lightly_sandbox.engine.snapshot import Snapshot
from lightly_sandbox.engine.state import Resource, now
from lightly_sandbox.engine.values import same


def refresh(run: Run, snapshot: Snapshot, registry: Registry, *, count: bool) -> None:
    """Read every resource. One that cannot be read stays as it is and fails the run; one that is gone leaves the state.

    `count` says whether what was found is counted as changes: in a refresh of its own, not in one before an update.
    """
    olds = list(snapshot.base)
    for old in olds:
        if old.provider:
            registry.get(old.provider)
    with ThreadPoolExecutor(run.parallel, thread_name_prefix="refresh") as pool:
        found = list(pool.map(lambda old: _one(run, registry, old, count), olds))
    kept = [new for new in found if new is not None]
    planner.repair_parents(olds, kept)
    planner.repair_dependencies(kept)
    snapshot.rebase(kept)
    snapshot.flush()
    run.check()


def _one(run: Run, registry: Registry, old: Resource, count: bool) -> Resource | None:
    """The resource as it is now, or None when it is gone."""
    with run.slot():
        run.started(Action("refresh", old, old))
        try:
            new, diff = _look(run, registry, old)
        except ProviderError as error:
            run.diagnose(str(error), old.urn)
            run.emit(Event("step-failed", "refresh", old.urn, str(error)))
            return old
    result = "delete" if new is None else "same" if diff.changes == "none" else "update"
    run.done(Action("refresh", old, old, diff), count=result if count else "")
    return new


def _look(run: Run, registry: Registry, old: Resource) -> tuple[Resource | None, Diff]:
    if not old.custom or urns.is_provider(old.type) or old.pending_replacement:
        return old, Diff("none")
    new, diff = _read(run, registry.get(old.provider), old)
    if new:
        mark_secrets(new)
        run.scrubber.learn([new.inputs, new.outputs])
        new.init_errors = [run.scrubber.clean(reason) for reason in new.init_errors]
    return new, diff


def _read(run: Run, provider: Provider, old: Resource) -> tuple[Resource | None, Diff]:
    reasons: list[str] = []
    try:
        live = provider.read(
            Target(old.urn, old.id), old.inputs, old.outputs, timeout=old.custom_timeouts.get("read", 0)
        )
    except InitFailed as failed:
        live, reasons = failed.live, failed.reasons
        text = "\n* ".join(["Refreshed resource is in an unhealthy state:", *reasons])
        run.diagnose(text, old.urn, severity="warning")
    if not live.id or live.outputs is None:
        return None, Diff("some")
    new = old.copy()
    new.id, new.outputs, new.init_errors = live.id, live.outputs, reasons
    new.inputs = old.inputs if live.inputs is None else live.inputs
    new.refresh_before_update = live.refresh_before_update
    if not same(new.inputs, old.inputs) or not same(new.outputs or {}, old.outputs or {}):
        new.modified = now()
    if old.external:
        return new, Diff("none" if same(new.outputs or {}, old.outputs or {}) else "some")
    return new, _drift(provider, old, new, preview=run.preview)


def _drift(provider: Provider, old: Resource, new: Resource, *, preview: bool) -> Diff:
    """What an update with the same program would change now."""
    target = Target(new.urn, new.id)
    ignore = old.ignore_changes
    diff = provider.diff(target, new.inputs, new.outputs or {}, old.inputs, ignore=ignore, unknowns=preview)
    return diffs.structural(diff, new.inputs, old.inputs, ignore) if diff.changes == "unknown" else diff
