"""`lightly-access explain`: why did Google Cloud refuse a deployment?"""

import sys
from pathlib import Path
from typing import Annotated

import typer


def explain(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]", show_default=False, help="The output of `pulumi up`. Default: standard input."
        ),
    ] = None,
) -> None:
    """Say what a refusal in the output of a deployment means, and the way out.

    Known are refusals of Google Cloud that no change of the stack mends: policies of the organisation (no keys of
    service accounts, no new ones, other domains, locations), a deleted role's id, a bucket without uniform access.

    \b
    Examples:
      pulumi up 2>&1 | tee up.log; lightly-access explain up.log
      pulumi up 2>&1 | lightly-access explain

    Exit codes: 0 a refusal was explained, 1 there is none that is known, 2 wrong usage.
    """
    from lightly_access.explain import explain as found_in

    try:
        text = (path.read_bytes() if path else sys.stdin.buffer.read()).decode(errors="replace")
    except OSError as error:
        raise typer.BadParameter(f"got {path}, expected a file that can be read ({error.strerror})") from None
    explanations = found_in(text)
    for explanation in explanations:
        typer.echo(f"{explanation.name}: {explanation.cause}\nhint: {explanation.hint}\n")
    if not explanations:
        typer.echo("nothing here that is known to explain\nhint: the error's own words say what was refused", err=True)
    raise typer.Exit(0 if explanations else 1)
