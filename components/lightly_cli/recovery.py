"""One recovery of a stack: through Pulumi's command line, in the order in which a second kill does no harm."""

import functools
import json
import os
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightly_access.deployed.exported import exported
from lightly_access.recover import dataset, file_backend
from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.edit import edited
from lightly_access.recover.operation import UNREAD, Known, Operation
from lightly_access.recover.places import closed_logins, opened_logins, placing
from lightly_access.recover.planned import Plan
from lightly_access.recover.survey import Asking, survey
from lightly_access.recover.way import UnaskedError
from lightly_access.recover.ways import ways
from lightly_core.hint import with_hint, without_hint
from lightly_core.scrub import Scrubber

from lightly_cli import deployed

if TYPE_CHECKING:
    from lightly_api.client import LightlyApi

_REFRESHING = 1800.0


class Recovery:
    """Its methods raise DeploymentError. `mended` says what was wrong beside the state, and was put right; `acted` what
    was done of the decisions, for when the rest fails."""

    def __init__(
        self,
        stack: str | None,
        state: Path | None,
        *,
        strays: bool = False,
        take: Collection[str] = (),
        forget: Collection[str] = (),
        preview: bool = True,
    ) -> None:
        self._stack, self._state, self._strays = stack, state, strays
        self._take, self._forget = frozenset(take), frozenset(forget)
        self._preview = preview and state is None
        self._given = [
            *(["--strays"] if strays else []),
            *(word for name in take for word in ("--take", name)),
            *(word for name in forget for word in ("--forget", name)),
            *([] if preview else ["--no-preview"]),
        ]
        self._document: dict[str, Any] = {}
        self._scrubber = Scrubber.of_environment(os.environ)
        self.mended: list[str] = []
        self.acted: list[str] = []

    def again(self, *more: str) -> str:
        """The same call, with these options too: for a hint."""
        stack = self._stack or (exported(self._document).stack if self._state and self._document else "")
        named = ("--stack", stack) if stack else ()
        return f"`{shlex.join(('lightly-access', 'recover', *named, *self._given, *more))}`"

    def free(self, *, may: bool, cancel: bool) -> str | None:
        """Make the stack readable and free; why it is not, where that is not ours to decide."""
        backend = None if self._state else file_backend.folder(deployed.backend_url())
        if backend is None:
            if not cancel or self._state:
                return None
            if not may:
                return f"the lock of the stack was not taken off\nhint: {self.again('--cancel', '--yes')} does it"
            self._cancel("the lock of the stack was taken off")
            return None
        for path in file_backend.broken(backend):
            said = f"{path.name} cannot be read, nor what it belongs to: an empty note of a run that was killed"
            if not may:
                raise deployed.DeploymentError(
                    f"{said}\nhint: {self.again('--yes')} removes it; nothing is lost with it"
                )
            path.unlink(missing_ok=True)
            self.mended.append(f"removed {path.name}: {said.partition(': ')[2]}")
        return self._unlock(backend, may=may, cancel=cancel)

    def _unlock(self, backend: Path, *, may: bool, cancel: bool) -> str | None:
        name = deployed.told("stack", "--show-name", "--fully-qualify-stack-names", stack=self._stack).strip()
        held = file_backend.locks(backend, name)
        if not held:
            return None
        if not all(lock.is_over or cancel for lock in held):
            lock = next(lock for lock in held if not lock.is_over)
            elsewhere = f"when you know that it is over: {self.again('--cancel', '--yes')}"
            hint = f"it still runs: wait for it, then {self.again('--yes')}" if lock.here else elsewhere
            return f"{lock} holds the stack\nhint: {hint}"
        if not may:
            words = ("--yes",) if all(lock.is_over for lock in held) else ("--cancel", "--yes")
            return f"{held[0]} holds the stack, and has ended\nhint: {self.again(*words)} takes its lock off"
        self._cancel(f"took the lock off of {held[0]}, which has ended")
        return None

    def _cancel(self, said: str) -> None:
        deployed.told("cancel", "--yes", stack=self._stack)
        self.mended.append(said)

    def survey(self) -> list[Decision]:
        """What was in flight, and what is to be done about each. What is decided on is read again when it is done."""
        self._document = self._exported()
        known = Known.of(self._document["deployment"])
        api, why_not = _lightly(self._stack, self._state)
        asking = Asking(
            ways(),
            placing(self._opened(known), os.environ),
            dataset.asking(api, why_not),
            strays=self._strays,
            take=self._take,
            registered=functools.cache(lambda: dataset.registered(known, api)),
            forget=self._forget,
        )
        unread = [Decision(Operation("", known.live(urn) or {}), Deed.TAKE, "not read yet") for urn in known.unread()]
        return [*unread, *survey(self._document["deployment"], self._plan(known), asking)]

    def _plan(self, known: Known) -> Plan:
        """What the next run would make; nothing where it cannot be told."""
        if not self._preview:
            return Plan()
        try:
            shown = json.loads(deployed.told("preview", "--json", stack=self._stack, seconds=_REFRESHING))
        except (deployed.DeploymentError, ValueError):
            self.mended.append("warning: `pulumi preview` fails: what no note tells of was not looked for")
            return Plan()
        return Plan.of(shown, known) if isinstance(shown, dict) else Plan()

    def _exported(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Of a stack in which nothing was ever made there may be an empty deployment, or none."""
        found = deployed.document(self._stack, self._state, show_secrets=show_secrets)
        if not isinstance(found, dict) or not isinstance(found.get("deployment"), dict | None):
            raise deployed.DeploymentError(f"{self._state or 'pulumi stack export'}: got no deployment")
        return {**found, "deployment": found.get("deployment") or {}}

    def _opened(self, known: Known) -> Known:
        """With the secrets of providers, where one has any: else nothing is opened."""
        if self._state or not any(closed_logins(known)):
            return known
        opened = Known.of(self._exported(show_secrets=True)["deployment"])
        self._scrubber.learn(*opened_logins(opened))
        return opened

    def clean(self, text: str) -> str:
        """What Pulumi or a cloud said, without the logins that were opened for it."""
        return self._scrubber.scrub(text)

    def act(self, found: list[Decision]) -> list[Decision]:
        """Do it: the state first, which Pulumi refuses while a run holds the stack; then keys, of which that run may
        have made one; then Pulumi reads what was taken over. Returns what has become of it."""
        new = [each for each in found if UNREAD not in (each.operation.entry.get("initErrors") or ())]
        taken = [each.operation.urn for each in found if each.deed is Deed.TAKE]
        if taken or self._document["deployment"].get("pending_operations"):
            if self._exported() != self._document:
                raise deployed.DeploymentError("the stack was deployed meanwhile\nhint: run it again")
            deployed.told("stack", "import", stack=self._stack, given=json.dumps(edited(self._document, new)))
            self.acted.append("the state was written: what is cleared is out of it, what is taken over is in it")
        for each in found:
            self._remove(each)
        if taken:
            targets = [f"--target={urn}" for urn in taken]
            words = ("refresh", "--yes", "--skip-preview", *targets)
            deployed.told(*words, stack=self._stack, seconds=_REFRESHING)
        return self._become(found) if taken else found

    def _remove(self, decision: Decision) -> None:
        if decision.deed is Deed.REMOVE and decision.removed:
            try:
                decision.removed()
                self.acted.append(f"removed {decision.operation.name}: {decision.said}")
            except UnaskedError as error:
                raise deployed.DeploymentError(with_hint(str(error), error.hint)) from None

    def _become(self, found: list[Decision]) -> list[Decision]:
        """What was to be taken over and is not there was forgotten by the refresh."""
        after = Known.of(self._exported()["deployment"])
        gone = [each for each in found if each.deed is Deed.TAKE and not after.live(each.operation.urn)]
        return [
            Decision(each.operation, Deed.CLEAR, f"{each.id} is not there: the next run makes it", id=each.id)
            if each in gone
            else each
            for each in found
        ]


def _lightly(stack: str | None, state: Path | None) -> "tuple[LightlyApi | None, str]":
    """As a deployment of the stack would ask it; None without a token, and why."""
    import typer

    from lightly_cli.api import lightly
    from lightly_cli.stack import declared_stack

    try:
        return lightly(declared_stack(deployed.stack_name(stack, state))), ""
    except typer.BadParameter as refused:
        return None, without_hint(refused.message)
