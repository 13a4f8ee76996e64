"""The rehearsal, phase by phase: each is a short scenario that must end as it should, and says so when it does not.

What is particular to a kind of store is told by its owner (`fixtures`) and by whoever holds a credential for it
(`credential_clients`): each row of `kinds.registry` has both.
"""

import contextlib
import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.capability import Capability
from lightly_core.counted import counted

from lightly_sandbox import credential_clients, fixtures
from lightly_sandbox.calls import calls_in_words
from lightly_sandbox.context import Context
from lightly_sandbox.credential_log import Credential
from lightly_sandbox.excerpt import DATASETS
from lightly_sandbox.fixtures import PRECIOUS, Guard
from lightly_sandbox.kinds import registry
from lightly_sandbox.kinds.estate import Source
from lightly_sandbox.lights import datasets

_GUARDRAILS = "lightly-guardrails"
"""The name of our policy pack, which is in every sentence of it."""


def up(context: Context) -> None:
    """Create, wait for new credentials to work, register, verify; then try everything that must be refused."""
    sandbox = context.sandbox
    with contextlib.ExitStack() as slow:
        for kind in registry.present(sandbox.services):
            if kind.name in context.owners and (fault := context.owners[kind.name].slow):
                slow.enter_context(sandbox.faults(sandbox.services[kind.service.name].server, fault))
        outcome = context.up(guarded=True)
    context.check(outcome.ok, f"created {outcome.created} resources", outcome.diagnostics)
    objections = [line for line in outcome.diagnostics if _GUARDRAILS in line]
    context.check(not objections, "no guardrail of policies/ objects", objections)
    missing = context.live - datasets(context.deployer.state()).keys()
    context.check(
        not missing, f"all that the manifest has is verified: {counted(len(context.live), 'dataset')}", missing
    )
    red = context.red()
    context.check(
        outcome.ok and not red, f"every light is as expected, {outcome.verifying:.1f} s after the first try", red
    )
    context.reporter.lights(context.deployer.state())
    for credential in sorted(
        context.credential_log.credentials.values(), key=lambda known: (known.dataset, known.purpose)
    ):
        _try(context, credential)
    if found := [seen for owner in context.owners.values() for seen in owner.served(sandbox)]:
        wrong = [what for what, so in found if not so]
        context.check(not wrong, f"the mounts are served: {'; '.join(what for what, _ in found)}", wrong)


def _try(context: Context, credential: Credential) -> None:
    """Use a credential for what it is for, and then for more than that."""
    context.reporter.step(f"trying {credential}")
    code = credential_clients.use(context.sandbox, credential)
    context.check(code is None, f"{credential} works", [code])
    tried = list(credential_clients.attacks(context.sandbox, credential))
    let_through = [attack.what for attack in tried if attack.refused is None]
    attempts = counted(len(tried), "attempt to do more with it was", "attempts to do more with it were")
    context.check(not let_through, f"{attempts} refused", let_through)
    context.credential_log.note(*credential_clients.sessions(context.sandbox, credential))


def again(context: Context) -> None:
    """The same program again: nothing may change."""
    outcome = context.up()
    context.check(outcome.ok, "the second deployment succeeded", outcome.diagnostics)
    context.check(outcome.unchanged, "0 creates, 0 updates, 0 deletes", [str(outcome)])
    context.check(context.record.calls["lightly"] == 0, calls_in_words(context.record.calls))


def rotate(context: Context) -> None:
    """Replace a credential of each kind; then once more with verifications that fail in between."""
    rotated = [owner.rotated for owner in context.owners.values() if owner.rotated]
    if not rotated:
        context.check(True, "nothing to replace: a role and a mount have no key, and an external one is its owner's")
        return
    first = _current(context, rotated)
    _rotate_now(context, rotated, "first")
    outcome = context.up()
    context.check(outcome.ok, f"made anew, registered and verified: {len(rotated)}", outcome.diagnostics)
    second = _current(context, rotated)
    for old, new in zip(first, second, strict=True):
        _check_replaced(context, old, new, "the old")

    _rotate_now(context, rotated, "second")
    # Refused together: all are on their way when the first one ends the deployment.
    times = len({source.dataset for source in rotated})
    no = {"call": "verify", "times": times, "together": True, "status": 403, "delay_ms": 1000}
    with context.sandbox.faults(context.sandbox.lightly, no):
        outcome = context.up()
    context.check(not outcome.ok, "a rotation whose verification fails is a failed deployment")
    third = _current(context, rotated)
    made = [new for old, new in zip(second, third, strict=True) if new != old]
    context.check(bool(made), f"registered anew: {', '.join(_name(new) for new in made) or 'nothing'}")
    for old in second:
        code = credential_clients.use(context.sandbox, old)
        context.check(code is None, f"after the failed verification the old {_name(old)} still works", [code])
    outcome = context.up()
    context.check(outcome.ok and not context.red(), "the next deployment finishes the job", outcome.diagnostics)
    last = _current(context, rotated)
    context.check(all(new in last for new in made), "without making one more of what was registered", made)
    for old, new in zip(second, last, strict=True):
        _check_replaced(context, old, new, "now the old")


def _check_replaced(context: Context, old: Credential, new: Credential, the_old: str) -> None:
    works = new != old and credential_clients.use(context.sandbox, new) is None
    context.check(works, f"the new {_name(new)} works", [new])
    code = credential_clients.use(context.sandbox, old)
    context.check(bool(code), f"{the_old} {_name(old)} is refused: {code}")


def _current(context: Context, rotated: list[Source]) -> list[Credential]:
    return [context.credential_log.current(source.dataset, source.purpose) for source in rotated]


def _name(credential: Credential) -> str:
    return f"{credential.kind} of {credential.dataset} {credential.purpose}"


def _rotate_now(context: Context, rotated: list[Source], text: str) -> None:
    changed = copy.deepcopy(context.config[DATASETS])
    for source in rotated:
        changed[source.key][source.purpose.lower()]["rotate_now"] = text
    context.config |= {DATASETS: changed}


def break_(context: Context) -> None:
    """Somebody takes a permission away behind our back, in every cloud."""
    broken = [
        taken
        for owner in context.owners.values()
        if (taken := owner.break_permission(context.sandbox, context.credential_log))
    ]
    if not broken:
        context.check(True, "nothing to take away: no document of ours grants writing here")
        return
    context.refresh()
    red = context.red()
    context.reporter.lights(context.deployer.state())
    for taken in broken:
        mine = [light for light in red if (light.dataset, light.purpose) == (taken.dataset, taken.purpose)]
        here = [light for light in mine if light.capability == Capability.WRITE]
        context.check(bool(here), f"the verification is red for {taken} write", red)
        named = all(light.light.cause and taken.taken in light.light.cause and light.light.fix for light in here)
        context.check(bool(here) and named, f"it names what is missing, {taken.taken}, and the fix", here)
    allowed = {
        (*which, capability)
        for taken in broken
        for which in {(taken.dataset, taken.purpose), *taken.beside}
        for capability in taken.red
    }
    beyond = [light for light in red if (light.dataset, light.purpose, light.capability) not in allowed]
    context.check(not beyond, "and nothing else is red than what the missing permissions break", beyond)
    outcome = context.up(refresh=True)
    context.check(outcome.ok and not context.red(), "`up --refresh` mends it", [*outcome.diagnostics, *context.red()])


def destroy(context: Context) -> None:
    """Remove what we made and nothing else; refuse to remove objects that nobody said may go, and keep samples."""
    sandbox, present = context.sandbox, list(context.owners.values())
    held = _samples(context)
    # Which of these is refused first is the engine's choice: each is cleared away when it was named.
    guards: list[Guard] = []
    for owner in present:
        guards += owner.add_objects(sandbox)
    outcome = context.destroy()
    while guards and not outcome.ok:
        named = [guard for guard in guards if outcome.says(*guard.words)]
        kept = " and ".join(guard.what for guard in named) or "nothing that was guarded"
        context.check(bool(named), f"kept: {kept}", outcome.diagnostics)
        for guard in named or list(guards):
            guard.clear()
            guards.remove(guard)
        outcome = context.destroy()
    context.check(not guards, "nothing was removed that nobody said may go", [guard.what for guard in guards])
    context.check(outcome.ok, "then everything that we made is removed", outcome.diagnostics)
    left = context.deployer.state()["deployment"].get("resources", [])
    custom = [resource["urn"] for resource in left if resource.get("custom")]
    context.check(not custom, "the state is empty", custom)
    _only_these_stay_at_lightly(context, held)
    for owner in present:
        _only_these_are_left(context, owner)
    orphans = [orphan for owner in present for orphan in owner.orphans(sandbox)]
    context.check(not orphans, "no identity and no grant of ours is orphaned", orphans)


def _only_these_are_left(context: Context, owner: fixtures.Fixture) -> None:
    """The adopted stores as they were before anything was deployed, and what we made and nobody said may go."""
    now, kept, before = owner.stores(context.sandbox), owner.kept, context.before[owner]
    meant = "the adopted stores and what nobody said may go" if kept else "the adopted stores"
    context.check(now.keys() == owner.adopted | kept, f"only {meant} are left: {', '.join(sorted(now)) or 'none'}", now)
    untouched = all(now.get(store) == before.get(store) for store in owner.adopted)
    stay = all(PRECIOUS in {name for name, _ in now.get(store, ())} for store in kept)
    context.check(untouched and stay, "and their data are untouched")


def _samples(context: Context) -> dict[str, str]:
    """Samples in every dataset; the datasets' names and ids."""
    sandbox = context.sandbox
    ids = {name: dataset.id for name, dataset in datasets(context.deployer.state()).items()}
    for dataset_id in ids.values():
        sandbox.control(sandbox.lightly, "POST", f"/datasets/{dataset_id}", {"nSamples": 3})
    return ids


def _only_these_stay_at_lightly(context: Context, held: Mapping[str, str]) -> None:
    """Datasets with their samples, but for those that were said to go with them."""
    sandbox = context.sandbox
    now: dict[str, Any] = sandbox.control(sandbox.lightly, "GET", "/state")["datasets"]
    gone = {declared.name or key for key, declared in context.manifest.datasets.items() if declared.force_destroy}
    stay = held.keys() - gone
    there = {name for name, dataset_id in held.items() if now.get(dataset_id, {}).get("nSamples") == 3}
    context.check(
        there == stay,
        f"{counted(len(stay), 'dataset stays', 'datasets stay')} at Lightly with their samples",
        there ^ stay,
    )


def revoked(context: Context) -> None:
    """Use every credential: each that was issued must be refused now, each external one works as before."""
    credentials = list(context.credential_log.credentials.values())
    for kind in registry.present(context.sandbox.services):
        paths = {known.path for known in credentials if known.path and credential_clients.kind_of(known) is kind}
        if kind.name in context.owners:
            context.owners[kind.name].remake(context.sandbox, paths)
    issued = [known for known in credentials if known.ours]
    for credential in issued:
        if reason := credential_clients.outlasts(credential):
            code = credential_clients.use(context.sandbox, credential)
            context.check(code is None, f"{credential} outlasts destroy, and is revoked by hand: {reason}", [code])
    for owner in context.owners.values():
        owner.revoke(context.sandbox)
    for credential in issued:
        context.reporter.step(f"trying {credential}")
        code = credential_clients.use(context.sandbox, credential)
        context.check(code is not None, f"{credential} is refused: {code}")
    said = f"{counted(len(issued), 'credential was', 'credentials were')} issued in all"
    context.check(bool(issued) or all(known.given for known in credentials), said)
    for credential in credentials:
        if not credential.ours:
            code = credential_clients.use(context.sandbox, credential)
            yours = "is yours and works as before: what is external is revoked where it was made"
            context.check(code is None, f"{credential} {yours}", [code])
    for owner in context.owners.values():
        for what, so in owner.end(context.sandbox):
            context.check(so, what)


@dataclass(frozen=True)
class Phase:
    """A phase: what it is called, what it is for, and how it is played."""

    name: str
    purpose: str
    play: Callable[[Context], None]


PHASES = (
    Phase("up", "create, register, verify; what must be refused is refused", up),
    Phase("again", "a second deployment changes nothing", again),
    Phase("rotate", "a credential of each kind is replaced without a moment in which none works", rotate),
    Phase("break", "somebody takes a permission away behind our back, in every cloud", break_),
    Phase("destroy", "remove what we made, and only that", destroy),
    Phase("revoked", "every credential that was ever issued is refused; external keys are their owner's", revoked),
)
"""In the order in which they are played."""
