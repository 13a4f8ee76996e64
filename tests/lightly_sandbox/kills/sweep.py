"""One kill after the other, and what is counted of them."""

import contextlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lightly_sandbox.deployer import Outcome
from lightly_sandbox.sandbox import Sandbox
from pulumi.automation.errors import CommandError

from tests.lightly_sandbox.kills.herd import PHRASE, Herd
from tests.lightly_sandbox.kills.kill import Point, killed, points
from tests.lightly_sandbox.kills.recovering import recover


@dataclass
class Figures:
    """What the kills so far came to."""

    kills: int = 0
    went_on: int = 0
    recovered: int = 0
    manual: int = 0
    orphans: int = 0
    duplicates: int = 0

    @property
    def well(self) -> bool:
        return not (self.manual or self.orphans or self.duplicates)

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, went on by a plain up {self.went_on}, needed recover {self.recovered}, "
            f"manual steps {self.manual}, orphans {self.orphans}, duplicates {self.duplicates}"
        )


def sweep(sandbox: Sandbox, folder: Path, kind: str, verb: str, how: str, figures: Figures, *, only: str = "") -> None:
    """Kill a run of this verb at each of its calls."""
    model = Herd(sandbox, folder, kind)
    found, shape = _life(model, verb)
    for at in found:
        if any(each in str(at) for each in only.split(",")):
            said = kill(Herd(sandbox, folder, kind), verb, at, how, shape, figures)
            print(f"{kind} {verb} {how} {at}: {said}", flush=True)
    print(f"{kind} {verb} {how}: {figures}", flush=True)


def _life(model: Herd, verb: str) -> tuple[list[Point], Counter[str]]:
    """What a run of the verb calls when nobody kills it, and what there is when all is well."""
    lives: dict[str, list[Point]] = {each: [] for each in ("up", "rotate", "destroy")}
    shape: Counter[str] = Counter()
    for each in lives:
        if each == "destroy":
            shape = model.shape()
        model.rotated = "now" if each != "up" else "then"
        lives[each] = points(model.sandbox, model.stack, "destroy" if each == "destroy" else "up", model.tag)
    assert model.census() == model.before
    return lives[verb], shape


def kill(herd: Herd, verb: str, at: Point, how: str, shape: Counter[str], figures: Figures) -> str:
    """One kill, and all that comes after it; in a word what it needed."""
    if verb != "up":
        _must(herd.stack().up())
        herd.rotated = "now"
    run = "destroy" if verb == "destroy" else "up"
    if not killed(herd.sandbox, herd.stack, run, {at: how}, herd.tag):
        return "it did not come to that"
    figures.kills += 1
    if how != "provider":
        with contextlib.suppress(CommandError):  # a backend that cannot be read, which recover mends
            herd.stack().cancel()
    needed = _finish(herd, run, shape, figures)
    made = herd.shape()
    if run == "up" and made != shape:
        figures.duplicates += sum((made - shape).values()) or 1
        needed += f", {dict(made - shape)} too many, {dict(shape - made)} missing"
    _must(herd.stack().destroy())
    left = herd.census() - herd.before
    figures.orphans += len(left)
    return f"{needed}, left {left}" if left else needed


def _finish(herd: Herd, run: str, shape: Counter[str], figures: Figures) -> str:
    """What a user does until all is well; in the end no note is left of what was in flight."""
    done: Outcome = getattr(herd.stack(), run)()
    whole = done.ok and (run == "destroy" or herd.shape() == shape)
    words = ["--yes", *([] if run == "up" else ["--no-preview"])]
    if not done.ok and herd.kind == "azure":  # which tells what is to be said, in its errors
        named = {text.partition(": ")[0] for text in done.diagnostics if "already" in text}
        words += [f"--take={name}" for name in sorted(named)]
    code, said = recover(herd.sandbox, herd.folder, PHRASE, *words)
    again: Outcome = done if done.ok else getattr(herd.stack(), run)()
    if whole and code == 0:
        figures.went_on += 1
        return "up"
    if code == 0 and again.ok:
        figures.recovered += 1
        return f"recover: {said.splitlines()}"
    figures.manual += 1
    return f"MANUAL: recover said {code}: {said}\n" + "\n".join(again.diagnostics)


def _must(outcome: Outcome) -> None:
    assert outcome.ok, "\n".join(outcome.diagnostics)
