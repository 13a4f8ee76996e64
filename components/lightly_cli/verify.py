"""`lightly-access verify`: asks Lightly and the stores how the lights are now, and changes nothing."""

import json
from collections.abc import Iterable
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.deployed import Stack, State

if TYPE_CHECKING:
    from lightly_access.status.terminal import Line
    from lightly_access.verify.lights import VerifiedStack


def verify(
    datasets: Annotated[
        list[str] | None, typer.Argument(show_default=False, help="The keys of datasets. Default: all.")
    ] = None,
    stack: Stack = None,
    state: State = None,
    probe: Annotated[
        bool, typer.Option(help="Use the keys that the stack holds, too: Pulumi opens its secrets for that.")
    ] = True,
    cloud: Annotated[
        bool, typer.Option(help="Look for rights beside ours in the clouds, with the login that deploys.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    junit: Annotated[
        Path | None,
        typer.Option(dir_okay=False, show_default=False, help="Write JUnit XML here: each light is a test case."),
    ] = None,
    sarif: Annotated[
        Path | None,
        typer.Option(dir_okay=False, show_default=False, help="Write SARIF 2.1.0 here: each red light is a result."),
    ] = None,
    watch: Annotated[
        int | None,
        typer.Option(min=1, show_default=False, help="Ask again after so many seconds, with a line for each change."),
    ] = None,
) -> None:
    """Ask Lightly and the stores how the lights are now, and print what changed since the last verification.

    Nothing is deployed, registered or written to the state. Token and server are the stack's (`lightly:token`), else
    LIGHTLY_TOKEN. To try what the keys can really do (evidence `probe`), the stack's secrets are read with `pulumi
    stack export --show-secrets`, into memory alone; probe objects are written below .lightly/ and deleted again. With
    --no-probe, or where --state has them encrypted, the lights rest on Lightly and the proof; what only a probe can
    tell is then `not asked`.

    The clouds are asked what somebody changed beside the deployment: policies, groups, keys, bindings, statements of a
    bucket that are not ours, and what is gone. Each is a `drift`, and red. What your login may not read is named, and
    the exit code is that of the rest; --no-cloud leaves it out.

    \b
    Examples:
      lightly-access verify --stack prod
      lightly-access verify tractors --stack prod --no-probe
      lightly-access verify --stack prod --junit lights.xml --sarif lights.sarif
      lightly-access verify --stack prod --watch 60

    --json prints {"ok": true, "changes": [...], "datasets": {...}}; lightly_access/verify/document.py has its shape.

    Exit codes: 0 well, 1 a red light or a drift, 2 wrong usage, or the deployment cannot be read, or Lightly cannot be
    asked.
    """
    from lightly_access.verify import document, terminal
    from lightly_core.scrub import Scrubber

    from lightly_cli.api import lightly
    from lightly_cli.deployed import DeploymentError, stack_name
    from lightly_cli.output import writable
    from lightly_cli.rounds import Rounds
    from lightly_cli.stack import declared_stack

    if watch and as_json:
        raise typer.BadParameter("got --watch as well, expected one of the two", param_hint="--json")
    writable("--junit", junit)
    writable("--sarif", sarif)
    scrubber = Scrubber()
    try:
        declared = declared_stack(stack_name(stack, state))
        api = lightly(declared, scrubber)
        rounds = Rounds(api, scrubber, stack, state, probe=probe, clouds=declared if cloud else None)
        found = rounds.ask(datasets or [])
        if as_json:
            typer.echo(json.dumps(document.as_json(found), indent=2))
        else:
            _print(terminal.lines(found))
        _write(found, junit, sarif)
        while watch:
            sleep(watch)
            found = rounds.ask(datasets or [])
            _print(terminal.changes(found))
            _write(found, junit, sarif)
    except DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(found.exit_code)


def _print(lines: "Iterable[Line]") -> None:
    from lightly_cli.fitting import print_lines

    print_lines(lines)


def _write(found: "VerifiedStack", junit: Path | None, sarif: Path | None) -> None:
    """The documents for pipelines. Raises typer.BadParameter for a file that cannot be written."""
    from lightly_access.verify.junit import as_xml
    from lightly_access.verify.sarif import as_sarif

    from lightly_cli.output import write

    documents = [
        ("--junit", junit, as_xml(found)),
        ("--sarif", sarif, json.dumps(as_sarif(found), indent=2) + "\n"),
    ]
    for option, path, text in documents:
        if path:
            write(option, path, text)
