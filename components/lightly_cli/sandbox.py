"""`lightly-access sandbox`: the local clouds alone, for any tool."""

import contextlib
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from lightly_cli.installed import shared
from lightly_cli.session import note


def sandbox(
    env_file: Annotated[
        Path | None,
        typer.Option(help="Write the export lines here (readable by you alone) instead of printing them."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Your own images or videos, put into the adopted stores first."
        ),
    ] = None,
) -> None:
    """Run the local clouds and Lightly until Ctrl-C, and print `export` lines that point any tool at them.

    In one terminal: `lightly-access sandbox --env-file sandbox.env`; in another: `. ./sandbox.env`, and then
    `aws s3 ls`, Lightly's own Python client, or `pulumi up --stack rehearsal`.

    Pulumi needs `pulumi login --local`, a passphrase and `pulumi stack init rehearsal` first; the last writes a salt
    into stacks/Pulumi.rehearsal.yaml, which is yours alone and not to be committed.

    The lines hold keys of the local clouds: AWS_* may do everything in the customer's account, SANDBOX_LIGHTLY_AWS_*
    act as Lightly's account, SANDBOX_STRANGER_AWS_* as a third one, IDENTITY_* as the owner of the Azure subscription,
    SANDBOX_STRANGER_GOOGLE_CREDENTIALS as an account of another project. SSL_CERT_FILE and REQUESTS_CA_BUNDLE make
    tools trust the local Azure beside whom they trust already. All are worth nothing once the sandbox stops.
    To try the confused deputy's attack, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the stranger's and assume
    a role with its external ID: AccessDenied.

    Exit codes: 0 stopped with Ctrl-C, 1 something that it needs could not be installed, 2 wrong usage.
    """
    from lightly_sandbox import fixtures
    from lightly_sandbox.kinds import registry
    from lightly_sandbox.rehearse import Options, seed
    from lightly_sandbox.start import start_sandbox
    from lightly_sandbox.user_cache import ToolMissingError

    from lightly_cli.output import writable, write

    writable("--env-file", env_file)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a script's `&` started it
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(start_sandbox(kinds=registry.names()))
        except ToolMissingError as error:
            typer.echo(f"lightly-access: {error}", err=True)
            raise typer.Exit(1) from None
        owners = seed(running, Options(shared()).piece(), data)
        if env_file:
            write("--env-file", env_file, running.exports(), private=True)
        else:
            print(running.exports(), flush=True)
        for kind, owner, stores in fixtures.there(running, owners):
            note(f"# {kind:6} {', '.join(stores)}{f' ({owner})' if owner else ''}")
        where = f"{env_file} tells where" if env_file else "the lines above tell where"
        try:
            note(f"# the local clouds are ready, {where}; Ctrl-C stops them")
            signal.pause()
        except KeyboardInterrupt:
            note("# stopped")
        finally:
            if env_file:
                env_file.unlink(missing_ok=True)
