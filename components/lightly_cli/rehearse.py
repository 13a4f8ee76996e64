"""`lightly-access rehearse`: the main job on this machine, with no accounts."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from lightly_core.counted import counted

from lightly_cli.installed import INSTALLED, shared
from lightly_cli.session import note

if TYPE_CHECKING:
    from lightly_sandbox.sandbox import Sandbox
    from lightly_sandbox.terminal import Terminal


def rehearse(
    stack: Annotated[
        str | None,
        typer.Option(help="The stack of this project; `rehearsal` is the example that comes with lightly-access."),
    ] = None,
    only: Annotated[
        str, typer.Option(metavar="PHASES", help="Play only these phases, as in `up,rotate`; `up` always comes first.")
    ] = "",
    only_stores: Annotated[
        str,
        typer.Option(
            metavar="KINDS", help="Rehearse only datasets whose stores are all of these kinds, as in `s3,azure`."
        ),
    ] = "",
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Your own images or videos, put into the adopted stores first."
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="When done, keep the local clouds running until Ctrl-C, to look around.")
    ] = False,
    json_path: Annotated[
        Path | None,
        typer.Option("--json", metavar="PATH", help="Write the report here as well; `-` is standard output."),
    ] = None,
) -> None:
    """Deploy this project's stack against clouds on this machine, and show that it works and that nothing more works.

    The program and the manifest are the project's own; outside of a project an example is played. Stores that exist
    already, and what somebody else made for them, are made first, in accounts, projects and subscriptions of the same
    ids; logins, secrets, endpoints and mounts are local ones. The first line says what is played, what of it is another
    thing here, and what cannot be played.

    Phases: up, again, rotate, break, destroy, revoked. No cloud account and no Lightly account are needed; where
    Pulumi is not installed it is built once, from its Go module, which takes some minutes; and for stores of kind
    azure Azurite is installed once, by npm. Both are kept in ~/.cache/lightly-access, or below XDG_CACHE_HOME.
    What happened is written to build/rehearsal/: lights.json, stack.json and log.txt. The secrets in stack.json are
    encrypted with PULUMI_CONFIG_PASSPHRASE where it is set, else with a passphrase that nobody knows: set it when
    `pulumi stack import` shall take the state of a rehearsal with --keep.

    Exit codes: 0 every phase did what it should, 1 one did not, 2 wrong usage, 130 interrupted.
    """
    from lightly_access.report.document import as_text
    from lightly_sandbox.data import NoDataError
    from lightly_sandbox.excerpt import EmptySelectionError, UnknownKindError
    from lightly_sandbox.rehearse import Options, OutputFolderError, UnknownPhaseError
    from lightly_sandbox.rehearse import rehearse as play
    from lightly_sandbox.terminal import Terminal
    from lightly_sandbox.user_cache import ToolMissingError
    from rich.console import Console

    from lightly_cli.output import writable, write

    to_stdout = str(json_path) == "-"
    writable("--json", None if to_stdout else json_path)
    project, name = _stack(stack)
    _check_manifest(project, name)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    console = Console(stderr=to_stdout)
    options = Options(project, _names(only), _names(only_stores), data, _out(project), name)
    began = time.monotonic()
    # The report alone goes to standard output, whatever the program prints.
    printed = contextlib.redirect_stdout(sys.stderr) if to_stdout else contextlib.nullcontext()
    try:
        with printed, Terminal(console, options.out / "log.txt") as terminal:
            try:
                played = play(options, terminal, (lambda sandbox: _stay(sandbox, terminal)) if keep else None)
            except KeyboardInterrupt:
                terminal.rest()
                print("interrupted: everything that was started is stopped", file=sys.stderr)
                raise
    except (UnknownPhaseError, UnknownKindError, EmptySelectionError, NoDataError) as error:
        raise typer.BadParameter(str(error)) from error
    except (OutputFolderError, ToolMissingError) as error:
        typer.echo(f"lightly-access: {error}", err=True)
        raise typer.Exit(1) from None
    text = as_text(played.report)
    if to_stdout:
        print(text, end="")
    elif json_path:
        write("--json", json_path, text)
    verdict = "[green]everything is" if played.ok else "[red bold]not everything is"
    seconds = time.monotonic() - began
    written = f"{os.path.relpath(options.out)}/lights.json, stack.json, log.txt"
    phases = counted(len(played.records), "phase")
    console.print(
        f"\n{verdict} as it should be[/]  [dim]{phases} in {seconds:.0f} s; written: {written}[/]",
        highlight=False,
        soft_wrap=not console.is_terminal,
    )
    raise typer.Exit(0 if played.ok else 1)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _out(project: Path) -> Path:
    """In the checkout; of an installed package, where the user is."""
    return (Path.cwd() if project == INSTALLED else project) / "build" / "rehearsal"


def _stack(said: str | None) -> tuple[Path, str]:
    """The project, and the stack of it that is played. Raises BadParameter."""
    from lightly_access.manifest.stack_file import PROJECT_FILE, own_stack_files, project_root, stack_files
    from lightly_sandbox.rehearse import STACK

    example, here = shared(), project_root(Path.cwd())
    a_project = (here / PROJECT_FILE).is_file()
    if said in (None, STACK) and not a_project:
        return example, STACK
    if not a_project:
        hint = "`cd` to a project, or leave --stack out and an example is played"
        raise typer.BadParameter(f"--stack: got {said!r}, and there is no {PROJECT_FILE} here\nhint: {hint}")
    if here == example or (said == STACK and STACK not in stack_files(here)):
        return example, said or STACK
    own = list(own_stack_files(here))
    if said is None and len(own) != 1:
        if own:
            raise typer.BadParameter(f"expected --stack: the stacks here are {', '.join(own)}\nhint: --stack {own[0]}")
        nothing = f"there is no Pulumi.<stack>.yaml in {here}, and what is played is a stack's manifest"
        raise typer.BadParameter(f"{nothing}\nhint: --stack {STACK} plays an example that comes with lightly-access")
    return here, said or own[0]


def _check_manifest(project: Path, stack: str) -> None:
    """A wrong stack file is told as `check` tells it, before anything is started."""
    from lightly_access.manifest.stack_file import NoManifestError, check_path, find

    from lightly_cli.check import show

    try:
        path = find(stack, project)
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing)) from None
    checked = check_path(path, os.environ)
    if not checked.manifest:
        show({path: checked}, stderr=True)
        raise typer.Exit(1)
    if not checked.manifest.datasets:
        typer.echo(f"{path}: there is no dataset in it, so there is nothing to play", err=True)
        raise typer.Exit(1)


def _stay(sandbox: "Sandbox", terminal: "Terminal") -> None:
    terminal.rest()
    print(f"\n{sandbox.exports()}", end="", flush=True)
    note("# the local clouds run until Ctrl-C; the lines above point any tool at them")
    signal.pause()
