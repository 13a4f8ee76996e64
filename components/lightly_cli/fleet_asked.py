"""`status` and `verify` of one shard, and what a stack of before has, as a part of what is said of a fleet."""

import os
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer
from lightly_access.fleet.ran import UNREADABLE, Ran
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.manifest.part import part
from lightly_core.counted import counted

from lightly_cli import deployed
from lightly_cli.fleet_shown import Shown

if TYPE_CHECKING:
    from lightly_access.deployed.stack import DeployedStack


def status(stack: str, manifest: Manifest) -> Ran:
    """How it stood when it was last verified, and until when its credentials last. A dataset of this shard that was
    never deployed is not well."""
    from lightly_access.status import conditions, document
    from lightly_access.status.due import deadlines

    now = datetime.now(UTC)
    try:
        found = deployed.read(stack, None)
    except deployed.DeploymentError as error:
        return Ran(stack, False, UNREADABLE, (str(error),))
    failing = [*conditions.failing(conditions.conditions("red"), found, now), *_missing(manifest, found)]
    said = f"{counted(len(found.datasets), 'dataset')}; {deadlines(found).sentence(now)}"
    return Ran(stack, not failing, said, tuple(failing), document.as_json(found, failing, now))


def _missing(manifest: Manifest, found: "DeployedStack") -> Iterator[str]:
    deployed_here = {dataset.name for dataset in found.datasets}
    for key, dataset in part(manifest).datasets.items():
        if not deployed_here & {key, *dataset.aliases}:
            yield f"{key}: not deployed"


def left_over(fleet: Fleet, manifest: Manifest, known: Mapping[str, int]) -> list[Ran]:
    """What is wrong with stacks that were shards of the fleet when it had more: those that have a dataset. `known` are
    the stacks that there are, and how many resources."""
    stacks = [stack for stack in sorted(fleet.before(known)) if known[stack]]
    return [found for stack in stacks if (found := _left_over(fleet, manifest, stack))]


def _left_over(fleet: Fleet, manifest: Manifest, stack: str) -> Ran | None:
    from lightly_access.fleet.left_over import left_over
    from lightly_access.move.state import deployed_datasets

    try:
        found = deployed.document(stack, None)
    except deployed.DeploymentError as error:
        return Ran(stack, False, UNREADABLE, (str(error),))
    return left_over(fleet, manifest, stack, deployed_datasets(found))


class _InterruptedError(Exception):
    """Nobody waits for the other datasets any more."""


def verify(stack: str, manifest: Manifest, shown: Shown) -> Ran:
    """How the lights are now, by Lightly, the stores and the clouds. Interrupted, it ends with the datasets that are on
    their way."""
    from lightly_access.verify import document, terminal
    from lightly_core.scrub import Scrubber

    from lightly_cli.api import lightly
    from lightly_cli.rounds import Rounds
    from lightly_cli.stack import declared_stack

    began, scrubber = time.monotonic(), Scrubber.of_environment(os.environ)

    def comes(done: int, of: int) -> None:
        shown.comes(stack, done, of, "datasets")
        if shown.interrupted.is_set():
            raise _InterruptedError

    try:
        declared = declared_stack(stack, manifest)
        rounds = Rounds(lightly(declared, scrubber), scrubber, stack, None, probe=True, clouds=declared)
        found = rounds.ask([], comes=comes)
    except _InterruptedError:
        return Ran(stack, None, "interrupted", seconds=time.monotonic() - began)
    except deployed.DeploymentError as error:
        return Ran(stack, False, UNREADABLE, (str(error),))
    except typer.BadParameter as error:
        return Ran(stack, False, UNREADABLE, (error.message,))
    wrong = "" if found.exit_code == 0 else "\n".join(text for text, _ in terminal.lines(found))
    said, took = counted(len(found.datasets), "dataset"), time.monotonic() - began
    if found.exit_code == 2:
        return Ran(stack, False, UNREADABLE, (wrong,), document.as_json(found), took)
    return Ran(stack, found.exit_code == 0, said, (wrong,) if wrong else (), document.as_json(found), took)
