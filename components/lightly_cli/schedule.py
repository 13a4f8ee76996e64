"""`lightly-access schedule`: a run of the Lightly Worker, registered at Lightly."""

from typing import Annotated

import typer

from lightly_cli.session import note


def schedule(
    dataset: Annotated[str, typer.Argument(help="The dataset's name at Lightly.", show_default=False)],
    samples: Annotated[int, typer.Option(min=1, show_default=False, help="How many samples to select.")],
    strategy: Annotated[str, typer.Option(help="How to select: diversity or typicality.")] = "diversity",
    label: Annotated[
        list[str] | None, typer.Option(show_default=False, help="Only on workers with this label (repeatable).")
    ] = None,
    process_all: Annotated[
        bool, typer.Option("--process-all", help="Look at all data, not only at what came since the last run.")
    ] = False,
    bypass_verify: Annotated[
        bool | None,
        typer.Option(
            show_default=False,
            help="Let the worker start although Lightly's servers cannot read or write. Default: where the manifest "
            "says `hardened`.",
        ),
    ] = None,
) -> None:
    """Register a run at Lightly: what to select, and its place in the queue. A worker that runs takes it from there.

    The dataset must be there with its datasources: `pulumi up` makes both. The token is that
    of the only stack (`lightly:token`), or LIGHTLY_TOKEN.

    \b
    Examples:
      lightly-access schedule farm-animals --samples 100
      lightly-access schedule farm-animals --samples 100 --label gpu

    Exit codes: 0 registered, its id is printed; 1 Lightly refused or did not answer; 2 wrong usage.
    """
    from lightly_access.selection import selection, strategy_fault
    from lightly_api.errors import LightlyError

    from lightly_cli import declared
    from lightly_cli.api import lightly
    from lightly_cli.stack import declared_stack

    if fault := strategy_fault(strategy):
        raise typer.BadParameter(fault.sentence(strategy), param_hint="--strategy")
    api = lightly(declared_stack(None))
    bypass = declared.hardened(dataset) if bypass_verify is None else bypass_verify
    try:
        found = api.datasets.named(dataset)
        if found is None:
            typer.echo(f"dataset {dataset!r}: Lightly has none of this name\nhint: `pulumi up` makes it", err=True)
            raise typer.Exit(1)
        config = api.runs.store_config(selection(samples, strategy), process_all=process_all, bypass_verify=bypass)
        scheduled = api.runs.schedule(found.id, config, tuple(label or ()))
    except LightlyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(scheduled)
    note(f"# registered; `lightly-access worker-command {dataset}` prints how a worker is started")
