"""`lightly-access worker-command`: the command that starts the Lightly Worker for a dataset."""

import os
import shlex
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lightly_access.manifest import Manifest
    from lightly_access.tables.datasource import Datasource
    from lightly_core.capability import Purpose

BYPASS = """\
# hardened: Lightly's own servers cannot read this dataset, so each run needs datasource.bypass_verify=True:
# `lightly-access schedule {dataset} --samples ...` sets it; with Lightly's client it is part of the worker's
# configuration, worker_config={{"datasource": {{"bypass_verify": True}}}}"""
"""Source: lightly 1.5.26, docker_worker_config_v3_docker_datasource.py, and
lightly-ai/lightly docs, dataset_creation_aws_bucket_minimum_policy.rst."""


def worker_command(
    dataset: Annotated[str, typer.Argument(help="The dataset's key in the manifest.", show_default=False)],
    stack: Annotated[
        str | None, typer.Option(show_default=False, help="The stack or stack file that declares it. Default: any.")
    ] = None,
    worker_id: Annotated[
        str | None, typer.Option(show_default=False, help="Lightly's id of the worker. Default: $LIGHTLY_WORKER_ID.")
    ] = None,
    cpu: Annotated[bool, typer.Option("--cpu", help="Without --gpus, for a machine that has none.")] = False,
    image: Annotated[str, typer.Option(help="The worker's image.")] = "lightly/worker:latest",
    shm_size: Annotated[str, typer.Option(help="Memory that the worker's processes share.")] = "1024m",
) -> None:
    """Print the `docker run` line of the Lightly Worker for a dataset, with the mounts that its stores need.

    The line names LIGHTLY_TOKEN and never holds it: docker takes the value from your environment. The input is mounted
    read only. A dataset in a cloud needs no mount.

    \b
    Examples:
      lightly-access worker-command farm-animals
      lightly-access worker-command farm-animals --cpu > worker.sh

    Exit codes: 0 printed, 2 wrong usage.
    """
    from lightly_access.worker_command import Worker
    from lightly_core import lightly_rules
    from lightly_core.capability import Purpose

    from lightly_cli.declared import dataset as declared

    if worker_id is not None and (fault := lightly_rules.worker_id(worker_id)):
        raise typer.BadParameter(fault.sentence(worker_id), param_hint="--worker-id")
    manifest, found = declared(dataset, stack)
    input_mount, lightly_mount = (
        _mount(manifest, source, purpose)
        for purpose, source in ((Purpose.INPUT, found.input), (Purpose.LIGHTLY, found.lightly))
    )
    server = "LIGHTLY_SERVER_LOCATION"
    line = Worker(
        input_mount=input_mount,
        lightly_mount=lightly_mount,
        worker_id=worker_id,
        gpus=not cpu,
        image=image,
        shared_memory=shm_size,
        passed=(server,) if os.environ.get(server) else (),
    ).line()
    typer.echo(line)
    if found.input.hardened or found.lightly.hardened:
        typer.echo(BYPASS.format(dataset=shlex.quote(dataset)), err=True)


def _mount(manifest: "Manifest", source: "Datasource", purpose: "Purpose") -> str | None:
    """The folder that the worker needs for this datasource; none for one in a cloud."""
    from lightly_access.kinds import registry
    from lightly_access.secret_refs import SecretReferenceError

    store = manifest.stores[source.store]
    try:
        return registry.kind_of(store.kind).worker_mount(source.store, store, purpose, os.environ)
    except (SecretReferenceError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
