"""`lightly-access handoff`: a bundle for whoever decides on access, where that is somebody else."""

from pathlib import Path
from typing import Annotated

import typer


def handoff(
    dataset: Annotated[str, typer.Argument(help="The dataset's key in the manifest.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder for the files; made when it is not there.", show_default=False)],
    stack: Annotated[
        str | None, typer.Option(show_default=False, help="The stack or stack file that declares it. Default: any.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of an earlier bundle.")] = False,
) -> None:
    """Write what Lightly needs for a dataset as files, for organisations where access is somebody else's.

    The same documents that a deployment would make, a CloudFormation template, commands for the AWS, Azure and gcloud
    command lines, and README.md, which says in plain words what is asked and why. No secret is in it. What was made
    with it goes into the manifest as `role_arn`, `secret` and the like: README.md has the lines.

    \b
    Example:
      lightly-access handoff herd-cameras --out for-security/

    Exit codes: 0 written, 1 it cannot be asked for, 2 wrong usage.
    """
    from lightly_access.handoff.bundle import bundle
    from lightly_access.handoff.request import NothingToHandOffError
    from lightly_access.tables.shard import named_after
    from lightly_policies.rendering import UnrenderableDocumentError

    from lightly_cli.declared import declared_by, project
    from lightly_cli.output import there, write_folder

    shown, (manifest, _) = declared_by(dataset, stack)
    named = Path(shown).name.removeprefix("Pulumi.").removesuffix(".yaml")
    try:
        made = bundle(manifest, dataset, project=project(), stack=named_after(named, manifest.shard))
    except (NothingToHandOffError, UnrenderableDocumentError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for obstacle in made.left_out:
        typer.echo(obstacle, err=True)
    old = there("--out", out, made.files)
    if old and not force:
        raise typer.BadParameter(f"{out} holds {', '.join(old)}\nhint: --force replaces them", param_hint="--out")
    write_folder("--out", out, made.files, made.scripts)
    for name in sorted(made.files):
        typer.echo(out / name)
