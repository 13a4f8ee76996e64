"""`lightly-access serve`: the two mounts of a local store, for Lightly's web application."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from lightly_cli.session import note

if TYPE_CHECKING:
    from lightly_access.kinds.local.serving.server import Certificate

_FOLDER = typer.Option(file_okay=False, help="Serve this folder instead of the one in the manifest.")


def serve(
    stack: Annotated[
        str | None,
        typer.Argument(show_default=False, help="A stack or stack file. Default: every stack of this project."),
    ] = None,
    store: Annotated[
        str | None, typer.Option(show_default=False, help="The local store to serve, where there is more than one.")
    ] = None,
    input_mount: Annotated[Path | None, _FOLDER] = None,
    lightly_mount: Annotated[Path | None, _FOLDER] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 lets the network in, every address of this machine.")
    ] = "localhost",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, show_default=False, help="Default: the store's web_server, else 3456. 0: any."),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(show_default=False, help="Answer to this host name as well (repeatable).")
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(show_default=False, help="Pages of this origin may read. Default: https://app.lightly.ai."),
    ] = None,
    cert: Annotated[Path | None, typer.Option(help="Serve HTTPS with this certificate (PEM); needs --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key (PEM, no password).")] = None,
    nginx: Annotated[
        bool, typer.Option("--nginx", help="Print an nginx configuration with the same rules, and start nothing.")
    ] = False,
) -> None:
    """Serve the mounts of a local store, so that Lightly's web application can show the images and videos.

    Reads are all there is: files below the two folders, LIGHTLY before INPUT where both have one. No listing, nothing
    outside of the folders, byte ranges for videos, and only pages of Lightly's web application may read.

    \b
    Examples:
      lightly-access serve                     the manifest's local store
      lightly-access serve --input-mount ~/data/in --lightly-mount ~/data/lightly
      lightly-access serve --host 0.0.0.0 --allow-host gpu-box.example.com \\
        --cert box.pem --key box.key
      lightly-access serve --nginx > lightly.conf    the same by nginx

    Exit codes: 0 stopped by Ctrl-C, 1 it could not start, 2 wrong usage.
    """
    from lightly_access.kinds.local.serving.answer import PLATFORM, Rules, host_name
    from lightly_access.kinds.local.serving.app import App
    from lightly_access.kinds.local.serving.mounts import Mounts
    from lightly_access.kinds.local.serving.server import DEFAULT_PORT, ServingError, listening
    from lightly_access.kinds.local.serving.server import serve as run
    from lightly_core.lightly_rules import LOOPBACK_HOSTS

    web = ""
    if not (input_mount or lightly_mount):
        input_mount, lightly_mount, web = _declared(stack, store)
    parts = urlsplit(web)
    inside = host_name(host) in LOOPBACK_HOSTS
    names = {*(LOOPBACK_HOSTS if inside else ()), host_name(host), *((parts.hostname,) if parts.hostname else ())}
    names |= {host_name(name) for name in allow_host or ()}
    rules = Rules(frozenset(names - {"", "0.0.0.0", "::"}), frozenset(origin or (PLATFORM,)))  # noqa: S104  # taken out
    try:
        mounts = Mounts.of(lightly_mount, input_mount)
        wanted = port if port is not None else parts.port or DEFAULT_PORT
        where = listening(host, wanted, _certificate(cert, key), now=not nginx)
        if nginx:
            from lightly_access.kinds.local.serving.nginx import nginx_configuration

            typer.echo(nginx_configuration(mounts, rules, where), nl=False)
            return
        if not inside:
            typer.echo(_open_to_others(secure=cert is not None), err=True)
        run(App(rules, mounts.find), where, lambda: _tell(where.url, mounts.folders))
    except (ServingError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    note("# stopped")
    sys.stdout.flush()
    os._exit(0)  # a thread of granian may still hold on to Python, whose end then aborts the process in Rust


def _open_to_others(*, secure: bool) -> str:
    read = "" if secure else ", and everybody on the way reads along, because there is no TLS"
    way_out = "" if secure else "; --cert and --key give it TLS"
    return (
        f"warning: whoever reaches this address sees every file of the folders, because there is no login{read}\n"
        f"hint: let a firewall admit those who may{way_out}"
    )


def _tell(url: str, folders: tuple[str, ...]) -> None:
    typer.echo(f"{url} serves {' before '.join(folders)}; Ctrl-C stops it")


def _certificate(cert: Path | None, key: Path | None) -> "Certificate | None":
    from lightly_access.kinds.local.serving.server import Certificate

    if cert and key:
        return Certificate(cert, key)
    if cert or key:
        raise typer.BadParameter("--cert and --key belong together, got one of them", param_hint="--cert / --key")
    return None


def _declared(stack: str | None, store: str | None) -> tuple[Path | None, Path | None, str]:
    """The mounts and the web server of the manifest's local store."""
    from lightly_cli.declared import local_store

    found = local_store(stack, store)
    folders = [Path(text) if text else None for text in (found.input_mount, found.lightly_mount)]
    return folders[0], folders[1], found.web_server
