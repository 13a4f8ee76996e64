"""`lightly-access fleet`: a verb for all shards of a manifest, side by side."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from lightly_core.counted import counted
from lightly_core.fault import Fault, did_you_mean

if TYPE_CHECKING:
    from lightly_access.fleet.ran import Ran
    from lightly_access.fleet.stacks import Fleet
    from lightly_access.manifest import Manifest

    from lightly_cli.fleet_shown import Shown


class Action(StrEnum):
    """What is done with each shard."""

    UP = "up"
    PREVIEW = "preview"
    STATUS = "status"
    VERIFY = "verify"
    DESTROY = "destroy"
    SETTLE = "settle"


_CHANGES = (Action.UP, Action.DESTROY, Action.SETTLE)


def fleet(
    action: Annotated[Action, typer.Argument(help="What is done with each shard.", show_default=False)],
    name: Annotated[
        str | None, typer.Argument(metavar="[FLEET]", show_default=False, help="The fleet. Default: the only one.")
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option("--parallel", "-p", min=1, show_default=False, help="Shards at once. Default: one a processor."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="DATASET", show_default=False, help="Only the shards of these datasets.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", "-r", help="Look into the clouds first, as Pulumi does.")
    ] = False,
    policy_pack: Annotated[
        list[Path] | None, typer.Option(exists=True, show_default=False, help="Guardrails for `up` and `preview`.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a verb for all shards of a manifest, side by side: the stacks prod-shard-1, prod-shard-2, ... of fleet prod.

    The manifest is checked once, whole. `up` and `preview` begin with the first shard, which makes the stores, and
    `destroy` ends with it. A shard that fails stops no other one, unless that needs something of the first. A Ctrl-C
    asks all to end, and waits for what is on its way; a second one does not wait. Another run goes on.

    `settle` brings each dataset to the stack of its shard, after the number of shards was changed or a key renamed: in
    the states alone, which are written to files before. No cloud is touched, and nothing is made anew.

    A stack that was a shard once and still has a dataset fails every verb, and keeps the first shard from `destroy`.

    \b
    Examples:
      lightly-access fleet preview --refresh --policy-pack policies
      lightly-access fleet up prod --parallel 4 --yes
      lightly-access fleet status prod --json | jq '.shards[] | select(.ok | not)'
      lightly-access fleet up --only tractors
      lightly-access fleet settle prod

    --json prints {"ok": true, "fleet": "prod", "verb": "up", "shards": [...]}, each with "stack", "ok" (null where it
    was not run), "said", "errors", "seconds", and what the verb prints of one stack.

    Exit codes: 0 all is well, 1 a shard is not, 2 wrong usage, or a deployment cannot be read, 130 interrupted.
    """
    from lightly_access.fleet import ran

    from lightly_cli import fleet_asked
    from lightly_cli.ended import agreed
    from lightly_cli.fleet_settle import settle
    from lightly_cli.fleet_shown import Shown

    chosen, manifest = _fleet(name)
    stacks, known = _stacks(chosen, manifest, action, only or []), _known(action)
    if action in _CHANGES and not agreed(
        yes, f"{action.capitalize()} {counted(len(stacks), 'shard')} of {chosen.name}?"
    ):
        raise typer.Exit(1)
    if action is Action.SETTLE:
        runs = settle(chosen, manifest, known, silent=as_json)
        if as_json or not all(run.ok for run in runs):
            _tell(chosen, action, runs, as_json=as_json)
        raise typer.Exit(ran.exit_code(runs))

    more: dict[str, Any] = {"refresh": True} if refresh else {}
    if policy_pack and action in (Action.UP, Action.PREVIEW):
        more["policy_packs"] = [str(pack.absolute()) for pack in policy_pack]
    left = [] if only else fleet_asked.left_over(chosen, manifest, known)
    with Shown(len(stacks), silent=as_json) as shown:
        of_shards = _runs(
            action, chosen, manifest, stacks, known, parallel or os.cpu_count() or 1, shown, more, standing=bool(left)
        )
    runs = [*of_shards, *left]
    _tell(chosen, action, runs, as_json=as_json)
    raise typer.Exit(ran.exit_code(runs))


def _tell(fleet: "Fleet", action: Action, runs: "Sequence[Ran]", *, as_json: bool) -> None:
    from lightly_access.fleet import ran

    from lightly_cli.fitting import print_lines

    if as_json:
        typer.echo(json.dumps(ran.document(fleet.name, action, runs), indent=2))
    else:
        print_lines(ran.summary(runs))


def _fleet(name: str | None) -> "tuple[Fleet, Manifest]":
    """The fleet and its manifest, which is good. Raises typer.BadParameter, or Exit for a manifest with problems."""
    from lightly_access.fleet.stacks import FleetError, fleet
    from lightly_access.manifest.stack_file import check_path, own_stack_files, project_root, readable_config

    from lightly_cli.check import show
    from lightly_cli.session import note

    files = own_stack_files(project_root(Path.cwd()))
    try:
        chosen = fleet({stack: readable_config(path) for stack, path in files.items()}, name)
    except FleetError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="FLEET") from None
    first = files[next(iter(chosen.shards))]
    checked = check_path(first, os.environ)
    if checked.manifest is None:
        show({first: checked}, stderr=True)
        raise typer.Exit(1)
    for warning in checked.warnings:
        note(f"warning: {warning}")
    return chosen, checked.manifest


def _stacks(chosen: "Fleet", manifest: "Manifest", action: Action, only: list[str]) -> list[str]:
    """The stacks that are meant, in their order. Raises typer.BadParameter."""
    if only and action in (Action.DESTROY, Action.SETTLE):
        raise typer.BadParameter(f"got it with {action}, which is about all shards", param_hint="--only")
    for name in only:
        if name not in manifest.datasets:
            fault = Fault("a dataset of the manifest", did_you_mean(name, manifest.datasets))
            raise typer.BadParameter(fault.sentence(name), param_hint="--only")
    return [stack for stack, shard in chosen.shards.items() if not only or any(map(shard.holds, only))]


def _known(action: Action) -> dict[str, int]:
    """The stacks that Pulumi has, and how many resources; nothing where a verb that only reads is told so of each.

    Raises typer.BadParameter.
    """
    from lightly_cli.deployed import DeploymentError
    from lightly_cli.fleet_order import known_stacks

    try:
        return known_stacks()
    except DeploymentError as error:
        if action in (Action.STATUS, Action.VERIFY):
            return {}
        raise typer.BadParameter(str(error), param_hint=str(action)) from None


def _runs(
    action: Action,
    chosen: "Fleet",
    manifest: "Manifest",
    stacks: list[str],
    known: "Mapping[str, int]",
    parallel: int,
    shown: "Shown",
    more: "Mapping[str, Any]",
    *,
    standing: bool,
) -> "Sequence[Ran]":
    """One of each of these shards, in their order; `more` is what Pulumi is told besides."""
    from lightly_cli import fleet_asked
    from lightly_cli.fleet_order import ended_as_by_ctrl_c, in_order, side_by_side

    parts = {stack: replace(manifest, shard=shard) for stack, shard in chosen.shards.items()}
    if action is Action.STATUS:
        return side_by_side(stacks, lambda stack: fleet_asked.status(stack, parts[stack]), parallel, shown)
    if action is Action.VERIFY:
        return side_by_side(stacks, lambda stack: fleet_asked.verify(stack, parts[stack], shown), parallel, shown)
    with ended_as_by_ctrl_c():
        return in_order(action, chosen, manifest, stacks, known, parallel, shown, more, standing=standing)
