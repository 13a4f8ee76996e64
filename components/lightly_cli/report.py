"""`lightly-access report`: one page about a deployed stack, for whoever must know how it stands and what it grants."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.deployed import Stack, State

if TYPE_CHECKING:
    from lightly_access.stack_report.report import StackReport

_FILE = {"dir_okay": False, "writable": True, "show_default": False, "allow_dash": True}


def report(
    stack: Stack = None,
    state: State = None,
    config: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            show_default=False,
            help="The stack's file, such as Pulumi.prod.yaml, for its exemptions. Default: what Pulumi has of it.",
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(**_FILE, help="Write an HTML page. `-` is standard output.")] = None,
    markdown: Annotated[Path | None, typer.Option(**_FILE, help="Write Markdown.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", **_FILE, help="Write JSON for machines.")] = None,
) -> None:
    """Write one page about a deployed stack: what is red and how to mend it, all lights, credentials and their ends,
    what Lightly may do, guardrails and exemptions. Without a file it is printed.

    It reads the deployment alone, through Pulumi or from a file, and needs no clone of the project. No secret is
    opened, and neither Lightly nor a cloud is asked: `lightly-access verify` does that. What Lightly may do is decided
    from the documents in the state, which `pulumi refresh` brings up to date.

    \b
    Examples:
      lightly-access report --stack prod
      lightly-access report --html report.html --json report.json
      pulumi stack export | lightly-access report --state /dev/stdin --markdown -

    docs/reference/report.md says what the JSON has. The HTML page has no script, loads nothing, and prints well.

    Exit codes: 0 well, 1 a light is red, more or less is granted than needed, or a credential has ended (guardrails
    do not count), 2 wrong usage, or the deployment cannot be read.
    """
    from lightly_cli.deployed import DeploymentError
    from lightly_cli.output import writable

    wanted = [("--html", html, _html), ("--markdown", markdown, _markdown), ("--json", as_json, _json)]
    for option, file, _ in wanted:
        writable(option, None if str(file) == "-" else file)
    try:
        found = _found(stack, state, config)
    except DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for option, file, form in wanted:
        if file is not None:
            _write(option, file, form(found))
    if not any(file for _, file, _ in wanted):
        _print(found)
    raise typer.Exit(0 if found.ok else 1)


def _found(stack: str | None, state: Path | None, config: Path | None) -> "StackReport":
    """Raises DeploymentError."""
    from datetime import UTC, datetime

    from lightly_access.deployed.exported import StateError
    from lightly_access.stack_report.report import report

    from lightly_cli.deployed import DeploymentError, document

    read = document(stack, state)
    try:
        return report(read, _config(stack, state, config), datetime.now(UTC))
    except StateError as wrong:
        raise DeploymentError(f"{state or 'pulumi stack export'}: {wrong}") from None


def _config(stack: str | None, state: Path | None, file: Path | None) -> dict[str, str] | None:
    """The stack's configuration as Pulumi hands it on; None where it is not here: it stands in the project's folder.

    Raises BadParameter for a file that is no YAML.
    """
    from lightly_access.manifest.stack_file import stack_config
    from lightly_access.manifest.yaml_text import read

    from lightly_cli.deployed import DeploymentError, told

    if file:
        if problems := read(file.read_text(encoding="utf-8-sig", errors="replace"), str(file)).problems:
            raise typer.BadParameter(f"{file}: {problems[0]}", param_hint="--config")
        written = stack_config(file)
        return {
            key: value if isinstance(value, str) else json.dumps(value, default=str) for key, value in written.items()
        }
    if state:
        return None
    try:
        known = json.loads(told("config", "--json", stack=stack))
    except (DeploymentError, json.JSONDecodeError):
        return None
    return {key: each["value"] for key, each in known.items() if isinstance(each.get("value"), str)}


def _html(found: "StackReport") -> str:
    from lightly_access.stack_report.html import page

    return page(found)


def _markdown(found: "StackReport") -> str:
    from lightly_access.stack_report.markdown import markdown

    return markdown(found)


def _json(found: "StackReport") -> str:
    from lightly_access.stack_report.document import as_json

    return json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n"


def _write(option: str, file: Path, text: str) -> None:
    """Raises BadParameter where it cannot be written."""
    from lightly_cli.output import write

    if str(file) == "-":
        typer.echo(text, nl=False)
    else:
        write(option, file, text)


def _print(found: "StackReport") -> None:
    from lightly_access.stack_report.terminal import lines

    from lightly_cli.fitting import print_lines

    print_lines(lines(found))
