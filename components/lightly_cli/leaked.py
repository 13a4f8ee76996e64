"""The worst day: a credential is out. It is switched off first, then replaced; a run that was killed goes on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightly_access.kinds.ending import Issued
from lightly_access.rotate import plan
from lightly_access.rotate.leak import Leak, leak
from lightly_access.rotate.report import Told, reach
from lightly_access.rotate.switched import Switched, seen, switched_off, unknown_to_the_state
from lightly_core.capability import Purpose

from lightly_cli import ended, written

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.tables.problem import Where


@dataclass
class Leaked:
    """The leaked credentials of one dataset of a stack; `path` is the stack's file."""

    shown: str
    dataset: str
    manifest: "Manifest"
    purposes: Sequence[Purpose]
    again: bool = False

    def __post_init__(self) -> None:
        self.stack = written.stack_name(self.shown)
        self._logins = ended.Logins(self.stack, self.manifest, self.dataset)
        self._names = ended.names(self.manifest, self.dataset)
        self.resources = ended.resources(self.stack, self._names)
        self.unasked: list[str] = []
        """Of whose other keys nobody could look, and why; known when what is out was switched off."""
        sources = self.manifest.datasets[self.dataset].sources
        self.leaks: list[Leak] = [
            leak(purpose, self.resources.issued, sources[purpose].rotate_now, again=self.again)
            for purpose in self.purposes
        ]

    @property
    def targets(self) -> tuple[str, ...]:
        """To what a run is limited; nothing where it must be one of the whole stack, which somebody else begins."""
        return () if ended.renamed(self._names, self.resources) else self.resources.urns

    def switch_off(self) -> dict[Purpose, tuple[Switched, ...]]:
        """Switch off what is out, remove what nobody needs of it, and see that it is refused."""
        return {each.purpose: self._off(each) for each in self.leaks}

    def _off(self, found: Leak) -> tuple[Switched, ...]:
        done = [
            switched_off(each, self._logins.of(each), for_good=each.pending and number > 0)
            for number, each in enumerate(found.out)
        ]
        strays = unknown_to_the_state(self._of(found.purpose) if found.out else (), self._logins.of)
        self.unasked += strays.unasked
        done += [switched_off(each, self._logins.of(each), for_good=True) for each in strays.found]
        return tuple(self._tried(each) for each in done)

    def _of(self, purpose: Purpose) -> list[Issued]:
        return [each for each in self.resources.issued if each.purpose is purpose and each.ours]

    def _tried(self, done: Switched) -> Switched:
        if done.failed:
            return done
        answers = seen(done.issued, self._logins.of(done.issued), time.sleep, time.monotonic)
        return Switched(done.issued, done.said, done.failed, answers)

    def write(self) -> list[str]:
        """The manifest's `rotate_now` of each; what was written, in words."""
        texts: dict[Where, str | bool] = {
            (each.purpose.lower(), plan.KEY): each.text for each in self.leaks if each.text
        }
        return [said for _, said in written.write(self.shown, self.dataset, texts)]

    def told(self, off: dict[Purpose, tuple[Switched, ...]], *, deployed: bool) -> list[Told]:
        """What is to be said of each, after the run that replaced it where there was one."""
        now = ended.resources(self.stack, self._names).issued if deployed else ()
        found = []
        for purpose, out in off.items():
            if not out:
                continue
            gone = {each.issued.identity for each in out}
            new = [each for each in now if each.purpose is purpose and not each.pending and each.identity not in gone]
            path = next((each.issued.path for each in out if each.issued.path), "")
            found.append(Told(purpose, path, out, reach(self.manifest, self.dataset, purpose), new[0] if new else None))
        return found

    def announce(self, *, yes: bool) -> None:
        """What will be done, before anybody agrees to it."""
        for each in self.leaks:
            for out in each.out:
                why = f": it cannot be switched off alone, {out.endless}" if out.endless else ""
                ended.announce(f"{self.dataset} {each.purpose}: {out} will be switched off{why}", yes=yes)
            if each.replaced:
                ended.announce(f"{self.dataset} {each.purpose}: replaced already, in use is {each.replaced}", yes=yes)
