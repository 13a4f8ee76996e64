"""`lightly-access revoke`: ends Lightly's access to a dataset, and shows that it has ended."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.output import writable, write
from lightly_cli.rotate import ManifestStack
from lightly_cli.session import note

if TYPE_CHECKING:
    from lightly_access.revoke.receipt import Receipt


def revoke(
    dataset: Annotated[str, typer.Argument(help="The dataset's key in the manifest.", show_default=False)],
    stack: ManifestStack = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    receipt: Annotated[
        Path | None, typer.Option(dir_okay=False, show_default=False, help="Write the receipt here, as JSON.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON for machines.")] = False,
) -> None:
    """End Lightly's access to a dataset now, whatever it holds, and show that every credential of it is refused.

    `revoked: true` is written into the manifest, and `pulumi up` is run for this dataset alone; it asks nothing of
    Lightly. Where that run fails, the clouds are asked to end what was issued, with your login, and the next
    `pulumi up` brings the stack after. Then every credential that the state, its history or the cloud knows is used,
    and its cloud is asked: the receipt says what was ended, when, and how it was shown. The dataset at Lightly, its
    samples and results, and your data stay. A credential that somebody else made is theirs to end, and is named.

    \b
    Examples:
      lightly-access revoke tractors
      lightly-access revoke tractors --stack prod --yes --receipt revoked.json

    --json and --receipt have the receipt as JSON; lightly_access/revoke/receipt.py has its shape.

    Exit codes: 0 all of it has been shown to have ended; 1 something still works, or it could not be shown; 2 wrong
    usage, the manifest cannot be written, or the deployment cannot be read.
    """
    from lightly_cli import declared, ended
    from lightly_cli.deployed import DeploymentError
    from lightly_cli.revoked import Revocation

    writable("--receipt", receipt)
    shown, (manifest, _) = declared.declared_by(dataset, stack)
    try:
        revocation = Revocation(shown, dataset, manifest)
        for each, _ in revocation.known.values():
            will = "will end" if revocation.open else "is tried again"
            ends = will if each.ours else "is not ours to end"
            ended.announce(f"{dataset} {each.purpose}: {each} {ends}", yes=yes)
        if not ended.agreed(yes, f"End Lightly's access to {dataset}?"):
            raise typer.Exit(1)
        for line in revocation.write():
            note(line)
        revocation.end()
        made = revocation.receipt()
    except DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    _show(made, receipt, as_json=as_json)
    raise typer.Exit(0 if made.ok else 1)


def _show(made: "Receipt", path: Path | None, *, as_json: bool) -> None:
    from lightly_access.revoke import receipt as document

    text = json.dumps(document.as_json(made), indent=2)
    if as_json:
        typer.echo(text)
    else:
        for line in document.lines(made):
            typer.echo(line)
    if path:
        try:
            write("--receipt", path, f"{text}\n")
        except typer.BadParameter:
            typer.echo(text, err=True)  # it is not lost
            raise
