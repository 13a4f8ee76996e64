"""`lightly-access rotate`: a new credential for a dataset, now and not when its period is over."""

import json
from typing import Annotated

import typer
from lightly_core.capability import Purpose

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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Write `rotate_now` into the manifest, and not one other character: the next `pulumi up` replaces the credential.

    The new one is made, registered and verified before the old one dies. Where there is nothing to rotate (a role, a
    mount, a key that somebody else made), it says what is true instead.

    \b
    Examples:
      lightly-access rotate tractors
      lightly-access rotate tractors --purpose lightly --stack prod

    --json prints {"ok": true, "stack": "prod", "written": [...], "unrotated": [...], "run": "pulumi up --stack prod"}.

    Exit codes: 0 written, 1 there is nothing to rotate, 2 wrong usage, or it cannot be written.
    """
    from datetime import UTC, datetime

    from lightly_access.rotate import plan
    from lightly_access.tables.problem import Where

    from lightly_cli import declared, written

    shown, (_, entry) = declared.declared_by(dataset, stack)
    if entry.revoked:
        raise typer.BadParameter(f"{dataset!r} is revoked: it has no credential\nhint: take `revoked: true` out")
    found = plan.planned(entry, [purpose] if purpose else list(Purpose))
    now = datetime.now(UTC)
    keys: dict[Where, str | bool] = {
        (each.purpose.lower(), plan.KEY): plan.text_of(now, each.now) for each in found if each.unrotated is None
    }
    done = written.write(shown, dataset, keys)
    run = f"pulumi up --stack {written.stack_name(shown)}"
    if as_json:
        rows = [{"file": str(edit.file), "line": edit.line, "said": said} for edit, said in done]
        told = [{"purpose": each.purpose, "why": each.unrotated} for each in found if each.unrotated]
        document = {"ok": bool(done), "stack": shown, "written": rows, "unrotated": told, "run": run if done else None}
        typer.echo(json.dumps(document, indent=2))
    else:
        for _, said in done:
            typer.echo(said)
        for each in found:
            if each.unrotated:
                typer.echo(f"{dataset} {each.purpose}: nothing is replaced: {each.unrotated}")
        if done:
            typer.echo(f"the next `{run}` makes the new credential, registers and verifies it, then ends the old one")
    raise typer.Exit(0 if done else 1)
