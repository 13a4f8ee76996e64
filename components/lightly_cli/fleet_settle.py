"""`lightly-access fleet settle`: each dataset goes to the stack of its shard, in the states alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from lightly_access.fleet.settled import Settled, settled
from lightly_access.fleet.stacks import Fleet
from lightly_access.manifest import Manifest
from lightly_access.move.state import MoveError
from lightly_core.counted import counted

from lightly_cli import deployed
from lightly_cli.deployed import DeploymentError, told
from lightly_cli.fleet_order import known_stacks
from lightly_cli.output import write


def settle(fleet: Fleet, manifest: Manifest) -> None:
    """Raises typer.Exit(2) when it cannot be: then nothing was changed, or it says what."""
    try:
        found = _settled(fleet, manifest)
        for move in found.moves:
            typer.echo(f"  {move.dataset}: {move.source} -> {move.target}")
        if not found.moves:
            typer.echo("every dataset is in the stack of its shard")
            return
        _keep({*found.added, *found.left})
        for states in (found.added, found.left):
            for stack, state in states.items():
                deployed.bring(stack, state)
    except (DeploymentError, MoveError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{counted(len(found.moves), 'dataset is', 'datasets are')} in the stack of its shard now")
    typer.echo(f"  lightly-access fleet up {fleet.name}")


def _settled(fleet: Fleet, manifest: Manifest) -> Settled:
    """Also of stacks that were shards when there were more of them. Raises DeploymentError and MoveError."""
    known = known_stacks()
    for stack in fleet.shards:
        if stack not in known:
            told("stack", "init", stack, "--no-select", stack=None)
    stacks = [*fleet.shards, *sorted(fleet.before(known))]
    states: dict[str, Any] = {stack: deployed.document(stack, None, show_secrets=True) for stack in stacks}
    return settled(manifest, fleet, states)


def _keep(stacks: set[str]) -> None:
    """The states as they are, with their secrets encrypted."""
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for stack in sorted(stacks):
        file = Path(f"{stack}-before-settle-{at}.json")
        write("--backup", file, json.dumps(deployed.document(stack, None), indent=2), private=True)
        typer.echo(f"{file} has {stack} as it was")
