"""`lightly-access audit`: what exists for a dataset, what is too wide about it, and how to take it over."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from lightly_access.audit.finding import Finding, Unreadable
    from lightly_access.audit.lightly import Known
    from lightly_api.client import LightlyApi

_NAMES = 1000


def audit(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset at Lightly.", show_default=False)],
    stack: Annotated[
        str | None, typer.Option(show_default=False, help="The stack that declares it. Default: any, or none.")
    ] = None,
    others: Annotated[
        int, typer.Option(min=0, max=1000, help="How many other datasets to look at for shared credentials.")
    ] = 50,
    import_file: Annotated[
        Path | None, typer.Option(show_default=False, help="Write what `pulumi import --file` takes here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Read what exists for a dataset, at Lightly and in the cloud, and say what is too wide, too weak or missing.

    The role, user, service account or SAS token that Lightly uses is compared with what its purpose needs. Then come
    the lines of a manifest that adopt it without touching it, and what `pulumi import` takes to have it replaced by
    one of least privilege. Nothing is changed: every call reads. What may not be read is named with the right that it
    needs, and the rest goes on.

    Lightly is asked with the stack's `lightly:token` or LIGHTLY_TOKEN, AWS with what boto3 finds, Google Cloud with
    GOOGLE_OAUTH_ACCESS_TOKEN or the application default credentials, Azure's stored policies with
    AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_KEY.

    \b
    Examples:
      lightly-access audit farm-animals
      lightly-access audit farm-animals --import-file import.json
      lightly-access audit farm-animals --json |
        jq '.findings[] | [.severity, .rule, .where]'

    --json prints {"ok": true, "findings": [], ...}; lightly_access/audit/document.py has its shape.

    Exit codes: 0 nothing found, and all could be read, 1 something was found or could not be read, 2 wrong usage or
    no such dataset.
    """
    from datetime import UTC, datetime

    from lightly_access.audit.lightly import known
    from lightly_access.audit.survey import discover
    from lightly_api.errors import LightlyError

    from lightly_cli.api import lightly
    from lightly_cli.output import writable, write
    from lightly_cli.stack import declared_stack

    writable("--import-file", import_file)
    api = lightly(declared_stack(stack))
    try:
        mine = known(api, dataset)
    except LightlyError as error:
        _end(str(error), 1, as_json=as_json)
    if mine is None:
        _end(f"dataset {dataset!r}: Lightly has none of this name\nhint: {_meant(api, dataset)}", 2, as_json=as_json)
    declared = _declared(mine, stack)
    shared, unreadable = _others(api, mine, others)
    found = discover(mine, shared, declared, now=datetime.now(UTC), unreadable=unreadable)
    if import_file and found.import_file:
        write("--import-file", import_file, f"{json.dumps(found.import_file, indent=2)}\n")
    if as_json:
        from lightly_access.audit.document import as_json as document

        typer.echo(json.dumps(document(found), indent=2))
    else:
        from lightly_access.audit.terminal import show
        from rich.console import Console

        show(found, Console(highlight=False, markup=False, emoji=False), str(import_file or ""))
    raise typer.Exit(0 if found.ok else 1)


def _meant(api: "LightlyApi", name: str) -> str:
    """A dataset whose name is close, or what to look at."""
    from lightly_api.errors import LightlyError
    from lightly_core.fault import did_you_mean

    try:
        near = did_you_mean(name, (dataset.name for dataset in api.datasets.first(_NAMES)))
    except LightlyError:
        near = None
    return near or "the name is that of the dataset at Lightly, and LIGHTLY_TOKEN must be of an account that has it"


def _end(sentence: str, code: int, *, as_json: bool) -> NoReturn:
    if as_json:
        typer.echo(json.dumps({"ok": False, "error": sentence}, indent=2))
    else:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _declared(mine: "Known", stack: str | None) -> "list[Finding]":
    """How the manifest differs, where there is one that declares the dataset; a named stack must declare it."""
    from lightly_access.audit.declared import declared_findings

    from lightly_cli import declared

    try:
        manifest, dataset = declared.dataset(mine.name, stack)
    except typer.BadParameter:
        if stack:
            raise
        return []
    return list(declared_findings(mine, manifest, dataset))


def _others(api: "LightlyApi", mine: "Known", most: int) -> "tuple[tuple[Known, ...], list[Unreadable]]":
    """Other datasets, for what they share; when Lightly does not list them, that is said and the rest goes on."""
    from lightly_access.audit.finding import Unreadable
    from lightly_access.audit.lightly import others
    from lightly_api.errors import LightlyError

    try:
        return others(api, mine.id, most), []
    except LightlyError as error:
        return (), [Unreadable("other datasets at Lightly", "", str(error).splitlines()[0])]
