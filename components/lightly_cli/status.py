"""`lightly-access status`: how a deployed stack stood when it was last verified, and when somebody must deploy."""

import json
from typing import Annotated

import typer

from lightly_cli.deployed import Stack, State


def status(
    datasets: Annotated[
        list[str] | None, typer.Argument(show_default=False, help="The keys of datasets. Default: all.")
    ] = None,
    stack: Stack = None,
    state: State = None,
    fail_on: Annotated[
        str, typer.Option(help="What ends with 1: red, due, stale:<age>, expiring:<age>; ages such as 30m, 24h, 14d.")
    ] = "red",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show the lights of each datasource as of when, what they rest on, and when each credential is due and ends.

    It reads the deployment alone, no secret in it, and asks neither Lightly nor a cloud: `lightly-access verify` does.
    `due` is a credential that a deployment of today would replace: a pipeline asks so whether to deploy.

    \b
    Examples:
      lightly-access status
      lightly-access status tractors --stack prod
      lightly-access status --fail-on red,stale:24h,expiring:14d
      lightly-access status --state state.json --json | jq .next

    --json prints {"ok": true, "next": {...}, "datasets": {...}}; lightly_access/status/document.py has its shape.

    Exit codes: 0 well, 1 something of --fail-on, 2 wrong usage, or the deployment cannot be read.
    """
    from datetime import UTC, datetime

    from lightly_access.status import conditions, document, terminal

    from lightly_cli import deployed

    now = datetime.now(UTC)
    try:
        wanted = conditions.conditions(fail_on)
    except conditions.ConditionError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--fail-on") from None
    try:
        found = deployed.only(deployed.read(stack, state), datasets or [])
    except deployed.DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    failing = conditions.failing(wanted, found, now)
    if as_json:
        typer.echo(json.dumps(document.as_json(found, failing, now), indent=2))
    else:
        from lightly_cli.fitting import print_lines

        print_lines(terminal.lines(found, failing, now))
    raise typer.Exit(1 if failing else 0)
