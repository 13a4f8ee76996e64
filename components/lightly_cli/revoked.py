"""One revocation: the manifest, the run, then every credential that is known is tried."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import typer
from lightly_access.deployed.exported import StateError
from lightly_access.deployed.issued import dataset_resources
from lightly_access.kinds import registry
from lightly_access.kinds.ending import Issued
from lightly_access.recover import file_backend
from lightly_access.revoke.history import History, earlier
from lightly_access.revoke.receipt import BEFORE, BY_CLOUDS, BY_PULUMI, Ended, Receipt
from lightly_access.rotate import plan
from lightly_access.rotate.switched import seen, switched_off, unknown_to_the_state
from lightly_core.capability import Capability

from lightly_cli import declared, deployed, ended, written

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.tables.problem import Where


@dataclass
class Revocation:
    """Of one dataset of a stack. Methods raise DeploymentError where Pulumi cannot read it."""

    shown: str
    dataset: str
    manifest: "Manifest"

    def __post_init__(self) -> None:
        self.stack = written.stack_name(self.shown)
        self._logins = ended.Logins(self.stack, self.manifest, self.dataset)
        self._names = ended.names(self.manifest, self.dataset)
        self._resources = ended.resources(self.stack, self._names)
        self.known: dict[str, tuple[Issued, str]] = {each.identity: (each, "state") for each in self._resources.issued}
        # Before anything ends: what its cloud knows beside us is only told as long as the holder is there.
        for each in self._of_history():
            whole = registry.kind_of(each.kind).ending().completed(each, self._resources.all)
            self.known.setdefault(each.identity, (whole, "history"))
        strays = unknown_to_the_state([one for one, _ in self.known.values()], self._logins.of)
        for each in strays.found:
            self.known.setdefault(each.identity, (each, "cloud"))
        self._unasked = (*strays.unasked, *self._not_ours())
        self._done: dict[str, str] = {}
        self._by = BEFORE if self._resources.revoked else None

    @property
    def open(self) -> bool:
        """Whether the state has it, and does not show that it was revoked."""
        return bool(self._resources.urns) and not self._resources.revoked

    def write(self) -> list[str]:
        """`revoked: true` into the manifest, and another `rotate_now` where the same credential would be kept, dead as
        it is, with the access; what was written, in words."""
        keys: dict[Where, str | bool] = {("revoked",): True}
        for each in self._resources.issued:
            if each.returns and each.ours and not each.pending:
                keys[each.purpose.lower(), plan.KEY] = plan.text_of_revocation(each.identity)
        return [said for _, said in written.write(self.shown, self.dataset, keys)]

    def end(self) -> None:
        """Run Pulumi for this dataset alone; where that fails, or the stack has an older key, end with the clouds what
        can be ended."""
        if not self.open:
            return
        if not ended.renamed(self._names, self._resources) and ended.up(self.stack, self._resources.urns):
            self._by = BY_PULUMI
            return
        self._by = BY_CLOUDS
        for each, _ in self.known.values():
            if each.ours:
                off = switched_off(each, self._logins.of(each))
                self._done[each.identity] = off.failed or off.said

    def receipt(self) -> Receipt:
        """Try every credential, ask its cloud, and ask Lightly to use what is registered."""
        found = []
        for each, source in self.known.values():
            answers = seen(each, self._logins.of(each), time.sleep, time.monotonic, 90 if each.ours else 0)
            if each.endless and not any(answer.works is False for answer in answers):
                self._done.setdefault(each.identity, each.endless)
            at = datetime.now(UTC)
            found.append(Ended(each, source, tuple((one, at) for one in answers), self._done.get(each.identity)))
        order = sorted(found, key=lambda one: (one.issued.purpose, one.issued.pending, one.issued.identity))
        return Receipt(
            declared.project(),
            self.stack,
            self.dataset,
            self._resources.id,
            datetime.now(UTC),
            self._by,
            tuple(order),
            tuple(self._stays()),
            self._used_by_lightly(),
            self._revoked(),
            ("the stack's state", *self._history.read),
            self._history.unread,
            self._unasked,
        )

    def _revoked(self) -> bool:
        """What the state shows; after a run that had no credential to try, it is all that shows anything."""
        if self._by != BY_PULUMI or self.known:
            return self._resources.revoked
        return ended.resources(self.stack, self._names).revoked

    def _not_ours(self) -> Iterator[str]:
        """What somebody else made, as the manifest says, and the state has forgotten: it may still work."""
        there = {one.purpose for one, _ in self.known.values() if not one.ours}
        for purpose, source in self.manifest.datasets[self.dataset].sources.items():
            if source.made_elsewhere and purpose not in there:
                word = registry.accesses()[source.access].credential or "credential"
                yield (
                    f"{purpose}: its {word} was made elsewhere, and the state does not have it (any more): nobody "
                    "tried it\nhint: whoever made it must end it"
                )

    def _stays(self) -> Iterator[str]:
        name = self.manifest.datasets[self.dataset].name or self.dataset
        yield f"the dataset {name} at Lightly, with its samples and results, and its registration, which is of no use"
        paths = sorted({one.path for one, _ in self.known.values() if one.path})
        yield f"your data, and what Lightly wrote{': ' if paths else ''}{', '.join(paths)}"
        if self._by == BY_CLOUDS:
            yield "in the stack's state what the next `pulumi up` removes"

    def _used_by_lightly(self) -> Mapping[Capability, bool | None] | None:
        """What Lightly can do with what is registered; None without a token, or when it is down."""
        from lightly_api.errors import ProviderError

        from lightly_cli.api import lightly

        try:
            found = lightly(self._logins.stack).datasources.verify(self._resources.id) if self._resources.id else None
        except (typer.BadParameter, ProviderError):
            return None
        return found.can if found else None

    @cached_property
    def _history(self) -> History:
        return _history(self.stack)

    def _of_history(self) -> Iterator[Issued]:
        """Credentials of earlier runs that a backend of files still tells of: by their names, not by their secrets."""
        for document in self._history.documents:
            try:
                found = [each for name in self._names for each in dataset_resources(document, name).issued]
            except StateError:
                continue
            yield from (replace(each, secret=None, pending=True) for each in found if each.ours)


def _history(stack: str) -> History:
    """None of it of a backend that keeps it to itself."""
    try:
        backend = file_backend.folder(deployed.backend_url())
    except (deployed.DeploymentError, ValueError):
        return History(unread=("the states after earlier runs: Pulumi does not say where it keeps them",))
    if backend is None:
        return History(unread=("the states after earlier runs: this backend keeps them to itself",))
    return earlier(backend, declared.project(), stack)
