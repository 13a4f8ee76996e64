"""One revocation: the manifest, the run, then every credential that is known is tried."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import typer
from lightly_access.deployed.exported import StateError
from lightly_access.deployed.issued import dataset_resources
from lightly_access.kinds import registry
from lightly_access.kinds.ending import CannotEndError, Issued
from lightly_access.revoke.receipt import BEFORE, BY_CLOUDS, BY_PULUMI, Ended, Receipt
from lightly_access.rotate import plan
from lightly_access.rotate.switched import seen, switched_off, unknown_to_the_state
from lightly_core.capability import Capability

from lightly_cli import declared, deployed, ended, written

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.tables.problem import Where

_HISTORY = 50
"""So many runs of the stack are looked through for credentials that it has forgotten."""


@dataclass
class Revocation:
    """Of one dataset of a stack. Methods raise DeploymentError where Pulumi cannot read it."""

    shown: str
    dataset: str
    manifest: "Manifest"

    def __post_init__(self) -> None:
        self.stack = written.stack_name(self.shown)
        self._logins = ended.Logins(self.stack, self.manifest, self.dataset)
        self._resources = ended.resources(self.stack, self.dataset)
        self.known: dict[str, tuple[Issued, str]] = {each.identity: (each, "state") for each in self._resources.issued}
        # Before anything ends: what its cloud knows beside us is only told as long as the holder is there.
        for each in self._of_history():
            whole = registry.kind_of(each.kind).ending().completed(each, self._resources.all)
            self.known.setdefault(each.identity, (whole, "history"))
        try:
            for each in unknown_to_the_state([one for one, _ in self.known.values()], self._logins.of):
                self.known.setdefault(each.identity, (each, "cloud"))
        except CannotEndError:
            pass  # its cloud is asked again when all is over, and says it then
        self._done: dict[str, str] = {}
        self._by = BEFORE

    @property
    def open(self) -> bool:
        """Whether there is something in the state that gives access."""
        return bool(self._resources.issued)

    def write(self) -> list[str]:
        """`revoked: true` into the manifest, and another `rotate_now` where the same credential would come back with
        the access; what was written, in words."""
        keys: dict[Where, str | bool] = {("revoked",): True}
        for each in self._resources.issued:
            if each.returns and each.ours and not each.pending:
                keys[each.purpose.lower(), plan.KEY] = plan.text_of_revocation(each.identity)
        return [said for _, said in written.write(self.shown, self.dataset, keys)]

    def end(self) -> None:
        """Run Pulumi for this dataset alone; where that fails, end with the clouds what can be ended."""
        if not self.open:
            return
        if ended.up(self.stack, self._resources.urns):
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
        )

    def _stays(self) -> Iterator[str]:
        name = self.manifest.datasets[self.dataset].name or self.dataset
        yield f"the dataset {name} at Lightly, with its samples and results, and its registration, which is of no use"
        paths = sorted({one.path for one, _ in self.known.values() if one.path})
        yield f"your data, and what Lightly wrote: {', '.join(paths)}"
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

    def _of_history(self) -> Iterator[Issued]:
        """Credentials of earlier runs that a backend of files still tells of: by their names, not by their secrets."""
        for document in _earlier(self.stack):
            try:
                found = dataset_resources(document, self.dataset).issued
            except StateError:
                continue
            yield from (replace(each, secret=None, pending=True) for each in found if each.ours)


def _earlier(stack: str) -> Iterator[dict[str, Any]]:
    """The states after earlier runs, the youngest first; none of a backend that keeps them to itself."""
    try:
        told = json.loads(deployed.told("whoami", "--json", stack=None))
    except (deployed.DeploymentError, ValueError):
        return
    url = str(told.get("url", "")) if isinstance(told, dict) else ""
    if not url.startswith("file://"):
        return
    folder = Path(unquote(urlsplit(url).path)) / ".pulumi" / "history"
    files = sorted(folder.glob(f"**/{stack}-*.checkpoint.json"), key=lambda file: file.name, reverse=True)
    for file in files[:_HISTORY]:
        try:
            latest = json.loads(file.read_bytes())["checkpoint"]["latest"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(latest, dict):
            yield {"deployment": latest}
