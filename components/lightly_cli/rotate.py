"""`lightly-access rotate`: a new credential for a dataset, now and not when its period is over."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from lightly_core.capability import Purpose

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.rotate.plan import Planned

    from lightly_cli.leaked import Leaked

ManifestStack = Annotated[
    str | None,
    typer.Option("--stack", "-s", show_default=False, help="The stack. Default: the only one that has the dataset."),
]


def rotate(
    dataset: Annotated[str, typer.Argument(help="The dataset's key in the manifest.", show_default=False)],
    purpose: Annotated[
        Purpose | None, typer.Option(case_sensitive=False, show_default=False, help="Only this one. Default: both.")
    ] = None,
    stack: ManifestStack = None,
    leaked: Annotated[
        bool, typer.Option("--leaked", help="Somebody has it: switch it off first, and replace it at once.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --leaked: what replaced a leaked one is out as well.")
    ] = False,
    up: Annotated[bool, typer.Option(help="With --leaked: run `pulumi up` for this dataset.")] = True,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --leaked: do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Write `rotate_now` into the manifest, and not one other character: the next `pulumi up` replaces the credential.

    The new one is made, registered and verified before the old one dies. Where there is nothing to rotate (a role, a
    mount, a key that somebody else made), it says what is true instead.

    With --leaked the old one dies first: it is switched off with your login of its cloud and seen to be refused, then
    `rotate_now` is written and `pulumi up` run for this dataset alone, and what the credential could reach is printed
    with the log queries that show whether it was used. A run that was killed goes on when it is started again. It
    needs what `pulumi up` needs, and what opens the stack's secrets.

    \b
    Examples:
      lightly-access rotate tractors
      lightly-access rotate tractors --purpose lightly --stack prod
      lightly-access rotate tractors --purpose lightly --leaked

    --json prints {"ok": true, "stack": "prod", "written": [...], "unrotated": [...], "run": "pulumi up --stack prod"};
    with --leaked also "leaked": [...], whose shape is in lightly_access/rotate/report.py, and "unasked": [...]: where
    nobody could look for other keys, and why.

    Exit codes: 0 written, or with --leaked off and replaced; 1 there is nothing to rotate, something is not off or not
    replaced, or nobody could look for other keys; 2 wrong usage, it cannot be written, or the deployment cannot be
    read.
    """
    from lightly_access.rotate.plan import planned

    from lightly_cli import declared

    shown, (manifest, entry) = declared.declared_by(dataset, stack)
    if entry.revoked:
        raise typer.BadParameter(f"{dataset!r} is revoked: it has no credential\nhint: take `revoked: true` out")
    found = planned(entry, [purpose] if purpose else list(Purpose))
    if leaked:
        _leaked(shown, dataset, manifest, found, again=again, up=up, yes=yes, as_json=as_json)
    else:
        _rotate(shown, dataset, found, as_json=as_json)


def _rotate(shown: str, dataset: str, found: "tuple[Planned, ...]", *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from lightly_access.rotate import plan
    from lightly_access.tables.problem import Where

    from lightly_cli import written

    now = datetime.now(UTC)
    keys: dict[Where, str | bool] = {
        (each.purpose.lower(), plan.KEY): plan.text_of(now, each.now) for each in found if each.unrotated is None
    }
    done = written.write(shown, dataset, keys)
    run = f"pulumi up --stack {written.stack_name(shown)}"
    if as_json:
        rows = [{"file": str(edit.file), "line": edit.line, "said": said} for edit, said in done]
        document = {
            "ok": bool(done),
            "stack": shown,
            "written": rows,
            **_unrotated(found),
            "run": run if done else None,
        }
        typer.echo(json.dumps(document, indent=2))
    else:
        for _, said in done:
            typer.echo(said)
        _say_unrotated(dataset, found)
        if done:
            typer.echo(f"the next `{run}` makes the new credential, registers and verifies it, then ends the old one")
    raise typer.Exit(0 if done else 1)


def _leaked(
    shown: str,
    dataset: str,
    manifest: "Manifest",
    found: "tuple[Planned, ...]",
    *,
    again: bool,
    up: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from lightly_cli import ended
    from lightly_cli.deployed import DeploymentError
    from lightly_cli.leaked import Leaked

    ours = [each.purpose for each in found if each.unrotated is None]
    if not as_json:
        _say_unrotated(dataset, found)
    if not ours:
        raise typer.Exit(1)
    try:
        leaked = Leaked(shown, dataset, manifest, ours, again=again)
        leaked.announce(yes=yes)
        if not any(each.out for each in leaked.leaks):
            _end_without(leaked)
        if not ended.agreed(yes, "Switch it off now, and replace it?"):
            raise typer.Exit(1)
        _end(leaked, found, up=up, as_json=as_json)
    except DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _end_without(leaked: "Leaked") -> None:
    """There is nothing to switch off: what was out is replaced, or nothing is deployed."""
    replaced = [each for each in leaked.leaks if each.replaced]
    hint = "if that one is out as well: --again" if replaced else "`pulumi up` makes one"
    said = "nothing to do" if replaced else f"{leaked.dataset} has no credential in stack {leaked.stack}"
    typer.echo(f"{said}\nhint: {hint}", err=True)
    raise typer.Exit(0 if replaced else 1)


def _end(leaked: "Leaked", found: "tuple[Planned, ...]", *, up: bool, as_json: bool) -> None:
    from lightly_access.rotate import report

    from lightly_cli import ended

    off = leaked.switch_off()
    failed = [each.failed for out in off.values() for each in out if each.failed and not each.issued.endless]
    lines = [] if failed else leaked.write()
    targets = leaked.targets
    run = " ".join(ended.command(leaked.stack, targets)) if targets else f"pulumi up --stack {leaked.stack}"
    deployed = up and bool(targets) and not failed and ended.up(leaked.stack, targets)
    told = leaked.told(off, deployed=deployed)
    refused = all(each.refused for out in off.values() for each in out)
    ok = refused and deployed and all(each.new for each in told) and not leaked.unasked
    for each in leaked.unasked:
        typer.echo(f"{leaked.dataset} {each}", err=True)
    if leaked.unasked:
        typer.echo("hint: one that nobody knows may still work: mend that, and run this again with --again", err=True)
    if as_json:
        rows = [report.as_json(each) for each in told]
        rest = {"run": run, "leaked": rows, "unasked": leaked.unasked}
        document = {"ok": ok, "stack": leaked.stack, "written": lines, **_unrotated(found), **rest}
        typer.echo(json.dumps(document, indent=2))
    else:
        for line in (*lines, *(line for each in told for line in report.lines(leaked.dataset, each))):
            typer.echo(line)
        if failed:
            typer.echo("it is not off, so nothing else was done: run this again when you have mended that", err=True)
        elif not deployed:
            is_off = "it is off" if refused else "it was not seen to be refused, as said above"
            typer.echo(f"{is_off}, and nothing replaces it yet: what does is\n  {run}", err=True)
    raise typer.Exit(0 if ok else 1)


def _unrotated(found: "tuple[Planned, ...]") -> dict[str, object]:
    return {"unrotated": [{"purpose": each.purpose, "why": each.unrotated} for each in found if each.unrotated]}


def _say_unrotated(dataset: str, found: "tuple[Planned, ...]") -> None:
    for each in found:
        if each.unrotated:
            typer.echo(f"{dataset} {each.purpose}: nothing is replaced: {each.unrotated}")
