"""`lightly-access fleet settle`: each dataset goes to the stack of its shard, in the states alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from lightly_access.fleet.left_over import left_over
from lightly_access.fleet.ran import Ran
from lightly_access.fleet.settled import Settled, settled
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.move.state import MoveError, deployed_datasets
from lightly_core.counted import counted

from lightly_cli.deployed import DeploymentError, told
from lightly_cli.session import note
from lightly_cli.states import States


def settle(fleet: Fleet, manifest: Manifest, known: Mapping[str, int], *, silent: bool) -> list[Ran]:
    """What became of each stack; `silent` says nothing of what was moved. Raises typer.Exit(2) when it cannot be: then
    nothing was changed, or it says what."""
    say = note if silent else typer.echo
    states = States()
    try:
        before = _read(fleet, known, states)
        found = settled(manifest, fleet, before)
        for move in found.moves:
            say(f"  {move.dataset}: {move.source} -> {move.target}")
        for stack in sorted({*found.added, *found.left}):
            say(states.keep(stack, "settle", Path()))
        for changed in (found.added, found.left):
            for stack, state in changed.items():
                states.bring(stack, state)
    except (DeploymentError, MoveError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    runs = list(_runs(fleet, manifest, found, {**before, **found.added, **found.left}))
    if found.moves:
        say(f"{counted(len(found.moves), 'dataset is', 'datasets are')} in the stack of its shard now")
        say(f"  lightly-access fleet up {fleet.name}")
    elif all(run.ok for run in runs):
        say("every dataset is in the stack of its shard")
    return runs


def _read(fleet: Fleet, known: Mapping[str, int], states: States) -> dict[str, Any]:
    """Also of stacks that were shards when there were more of them. Raises DeploymentError."""
    for stack in fleet.shards:
        if stack not in known:
            told("stack", "init", stack, "--no-select", stack=None)
    return {stack: states.read(stack) for stack in (*fleet.shards, *sorted(fleet.before(known)))}


def _runs(fleet: Fleet, manifest: Manifest, found: Settled, after: Mapping[str, Any]) -> Iterator[Ran]:
    """One of each stack; of those that are no shard any more only where something was or is."""
    for stack, state in after.items():
        came = [move.dataset for move in found.moves if move.target == stack]
        went = [move.dataset for move in found.moves if move.source == stack]
        if stack not in fleet.shards and (left := left_over(fleet, manifest, stack, deployed_datasets(state))):
            yield left
        elif stack in fleet.shards or went:
            said = f"{counted(len(came), 'dataset')} came, {len(went)} went"
            yield Ran(stack, True, said, document={"came": came, "went": went})
