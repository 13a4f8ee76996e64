"""`lightly-access check`: is a manifest right? Offline, without Pulumi."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from lightly_core.counted import counted

if TYPE_CHECKING:
    from lightly_access.deployed.exported import Exported
    from lightly_access.manifest import Checked
    from lightly_access.tables.problem import Problem
    from rich.console import Console


def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH or STACK]...",
            show_default=False,
            help="Stack files, manifest folders, or names of stacks. Default: every stack of this project.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="What is deployed, as `pulumi stack export --file FILE` writes it: also say what the next deployment "
            "would remove because a key is gone. For one stack.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Check manifests: every rule of Lightly and of the cloud that can be known before a deployment, offline.

    All problems come at once, each with its place, what was expected and, where there is one, the way out. The stacks
    of a project are compared, too: two that write to one directory, or make one store; a fleet without all its shards.
    Warnings are things that are accepted and should be looked at; they do not change the exit code.

    \b
    Examples:
      lightly-access check                            every stack but examples
      lightly-access check rehearsal                  Pulumi.rehearsal.yaml
      lightly-access check stacks/Pulumi.prod.yaml    a stack file
      lightly-access check stacks/gitops              a manifest folder
      lightly-access check prod --against state.json  and what would be removed
      lightly-access check --json | jq '.problems[]'  for machines

    --json prints {"ok": true, "problems": [...], "warnings": [...]}, each entry with "where", "got", "expected",
    "hint", "file" and "line".

    Exit codes: 0 no problem, 1 problems, 2 wrong usage.
    """
    from lightly_access.fleet.checked import check_paths
    from lightly_access.manifest.stack_file import NoManifestError, find_all, own_stack_files, project_root

    root = project_root(Path.cwd())
    try:
        paths = (
            [path for name in what for path in find_all(name, root)] if what else list(own_stack_files(root).values())
        )
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing)) from None
    if not paths:
        raise typer.BadParameter(
            f"there is no Pulumi.<stack>.yaml in {root} that is no example\nhint: name a file or a folder"
        )
    if against and len(paths) > 1:
        raise typer.BadParameter(f"--against is for one stack, got {len(paths)}\nhint: name it")
    checked = {path: _with_remarks(found) for path, found in check_paths(paths, os.environ).items()}
    checked = _with_other_shards(_with_other_stacks(checked, root), root)
    if against:
        checked = {path: _with_gone(path, found, against) for path, found in checked.items()}
    if as_json:
        _print_json(checked)
    else:
        show(checked)
    raise typer.Exit(0 if all(found.manifest for found in checked.values()) else 1)


def _with_other_stacks(checked: "dict[Path, Checked]", root: Path) -> "dict[Path, Checked]":
    """What is amiss between the stacks of the project, of those that were asked for."""
    from lightly_access.fleet.checked import check_paths
    from lightly_access.manifest.between_stacks import between_stacks
    from lightly_access.manifest.stack_file import own_stack_files, shown_path
    from lightly_access.tables.problem import Place

    known = {path.resolve(): found for path, found in checked.items()}
    own = {name: path.resolve() for name, path in own_stack_files(root).items()}
    if len(own) < 2 or not known.keys() & set(own.values()):
        return checked
    asked = [name for name in own if own[name] in known]
    found = check_paths([*(own[name] for name in asked), *own.values()], checked=known)
    read = {name: found[path] for name, path in own.items()}
    order = [*(name for name in own if name not in asked), *asked]  # a problem is at the later one
    manifests = {name: manifest for name in order if (manifest := read[name].manifest)}
    problems: dict[Path, list[Problem]] = {}
    for name, problem in between_stacks(manifests):
        problems.setdefault(own[name], []).append(problem.at(Place(shown_path(own[name]), 1)))
    return {path: _worse(found, problems.get(path.resolve(), [])) for path, found in checked.items()}


def _with_other_shards(checked: "dict[Path, Checked]", root: Path) -> "dict[Path, Checked]":
    """Why a fleet is not whole, at the first of its shards that was asked for."""
    from lightly_access.fleet.stacks import broken
    from lightly_access.manifest.stack_file import own_stack_files, readable_config, shown_path
    from lightly_access.tables.problem import Place, Problem

    own = {path.resolve(): stack for stack, path in own_stack_files(root).items()}
    if not any(found.manifest and found.manifest.shard for found in checked.values()):
        return checked
    faults = broken({stack: readable_config(path) for path, stack in own.items()})
    worse = dict(checked)
    for path, found in checked.items():
        stack, shard = own.get(path.resolve()), found.manifest.shard if found.manifest else None
        if stack and shard and (fault := faults.pop(shard.fleet(stack) or "", None)):
            got, _, hint = str(fault).partition("\nhint: ")
            place = Place(shown_path(path), 1)
            worse[path] = _worse(found, [Problem(("shard",), got, "all shards of one manifest", hint, place)])
    return worse


def _worse(found: "Checked", problems: "list[Problem]") -> "Checked":
    if not problems:
        return found
    return replace(found, manifest=None, problems=(*found.problems, *problems))


def _with_remarks(found: "Checked") -> "Checked":
    """What this machine says of the stores, as warnings."""
    from lightly_access.kinds import registry

    warnings = list(found.warnings)
    for name, store in (found.manifest.stores if found.manifest else {}).items():
        warnings += registry.kind_of(store.kind).remarks(name, store, os.environ)
    return replace(found, warnings=tuple(warnings))


def _with_gone(path: Path, found: "Checked", state: Path) -> "Checked":
    """What the next deployment would remove, because its key is gone from the manifest."""
    from lightly_access.deployed.exported import StateError, exported
    from lightly_access.deployed.gone import gone
    from lightly_access.deployed.other_account import other_account
    from lightly_access.deployed.other_credential import other_access
    from lightly_access.deployed.stack import deployed_in

    if found.manifest is None:
        return found
    try:
        export = exported(json.loads(state.read_text(encoding="utf-8-sig")))
        stack = deployed_in(export)
    except StateError as fault:
        raise typer.BadParameter(f"{state}: {fault}") from None
    except (ValueError, RecursionError, OSError):
        raise typer.BadParameter(f"{state}: it is no JSON\nhint: pulumi stack export --file {state}") from None
    _same_stack(path, export, state)
    problems, warnings = gone(found.manifest, stack)
    warnings += other_access(found.manifest, {dataset.name: dataset.datasources for dataset in stack.datasets})
    warnings += other_account(found.manifest, export)
    manifest = None if problems else found.manifest
    return replace(found, manifest=manifest, problems=tuple(problems), warnings=(*found.warnings, *warnings))


def _same_stack(path: Path, export: "Exported", state: Path) -> None:
    """Raises BadParameter for the state of another stack: of that all would be gone, and nothing is."""
    from lightly_access.manifest.stack_file import project_name, project_root, stack_files
    from lightly_core.fault import Fault

    root = project_root(path.resolve().parent)
    stack = next((name for name, file in stack_files(root).items() if file.resolve() == path.resolve()), None)
    if stack is None or not export.stack:  # a manifest folder is no stack; an empty deployment is of none
        return
    project = project_name(root) or export.project
    if (export.project, export.stack) != (project, stack):
        fault = Fault(f"one of {project}/{stack}", f"pulumi stack export --stack {stack} --file {state}")
        raise typer.BadParameter(f"{state}: {fault.sentence(f'{export.project}/{export.stack}')}")


def _print_json(checked: "dict[Path, Checked]") -> None:
    problems = [problem.as_json() for found in checked.values() for problem in found.problems]
    warnings = [warning.as_json() for found in checked.values() for warning in found.warnings]
    ok = all(found.manifest for found in checked.values())
    typer.echo(json.dumps({"ok": ok, "problems": problems, "warnings": warnings}, indent=2))


def show(checked: "dict[Path, Checked]", *, stderr: bool = False) -> None:
    """Print what checks found, for people."""
    from lightly_access.manifest.stack_file import shown_path
    from rich.console import Console

    console = Console(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)
    for path, found in checked.items():
        if found.manifest:
            counts = (
                f"{counted(len(found.manifest.stores), 'store')}, {counted(len(found.manifest.datasets), 'dataset')}"
            )
            console.print(f"{shown_path(path)}: ok, {counts}", style="green")
        else:
            console.print(f"{shown_path(path)}: {counted(len(found.problems), 'problem')}", style="red")
        for problem in found.problems:
            _print_entry(console, "problem", "red", problem)
        for warning in found.warnings:
            _print_entry(console, "warning", "yellow", warning)


def _print_entry(console: "Console", kind: str, style: str, entry: "Problem") -> None:
    from rich.text import Text

    from lightly_cli.fitting import fitting

    console.print(
        Text.assemble(("  " + kind, style), f" {entry.place}  " if entry.place else "  ", (entry.where, "bold"))
    )
    told = [(f"    got {entry.got}, expected {entry.expected}", "")]
    told += [(f"    hint: {entry.hint}", "cyan")] if entry.hint else []
    for text, style in told:
        for part in fitting(text, console.width) if console.is_terminal else [text]:
            console.print(part, style=style or None)
