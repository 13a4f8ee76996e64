"""`lightly-access`: the verbs, what every one of them shares, and how a run ends.

A verb is a function of its own name (`-` is `_`) in a module of its own name; the module is imported when its verb is
needed, and whatever is slow to import (pydantic, yaml, rich, servers) is imported inside the function.
"""

import errno
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer
from lightly_core.extra import missing
from typer.core import TyperGroup

VERBS = {
    "rehearse": "Deploy against clouds on this machine, and prove it.",
    "check": "Check manifests, offline.",
    "analyze": "Show what Lightly could do, offline.",
    "deployer-policy": "Print what whoever deploys needs in AWS.",
    "handoff": "Write what to ask of whoever decides on access.",
    "audit": "Check what exists for a dataset, and how to take it over.",
    "status": "Show how a deployed stack stands, and until when.",
    "doctor": "Examine what a deployment needs: tools, token, logins.",
    "verify": "Ask Lightly and the stores now: what changed?",
    "rotate": "Replace a dataset's credentials at the next deployment.",
    "revoke": "End Lightly's access to a dataset, and show it.",
    "move": "Move a dataset to another stack; nothing is made anew.",
    "report": "Write one page about a deployed stack.",
    "recover": "After a killed run: take over or clear what it left.",
    "explain": "Say what an error of a cloud or of Lightly means.",
    "schema": "Print the manifest's JSON Schema, for editors.",
    "sandbox": "Run the local clouds alone, for any tool.",
    "serve": "Serve a local store to Lightly's web application.",
    "worker-command": "Print the command that starts the Lightly Worker.",
    "schedule": "Register a run of the Lightly Worker.",
}
"""Each verb and its line in `--help`, in that order."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a full disk answers to standard output, whose errors name no file."""

UNEXPECTED = 3
"""The exit code of an error that we did not foresee."""


class Verbs(TyperGroup):
    """The verbs, imported late."""

    def list_commands(self, ctx: object) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: object, cmd_name: str) -> typer.core.TyperCommand | None:
        if cmd_name not in VERBS:
            return None
        if cmd_name not in self.commands:
            name = cmd_name.replace("-", "_")
            verb = getattr(import_module(f"lightly_cli.{name}"), name)
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name, short_help=VERBS[cmd_name])(verb)
            self.commands[cmd_name] = typer.main.get_command(alone)
        found = self.commands[cmd_name]
        assert isinstance(found, typer.core.TyperCommand)
        return found


@dataclass
class Session:
    """What the run was asked for before the verb."""

    debug: bool = False


# Without rich: its help is prettier and costs three times what all else costs at the start.
app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from lightly_core.version import VERSION

        typer.echo(f"lightly-access {VERSION}")
        raise typer.Exit


@app.callback()
def lightly_access(
    ctx: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Give Lightly least-privilege access to storage you own, register it, and prove that nothing more works.

    \b
    Start here:
      lightly-access rehearse          the whole job on this machine, with no accounts
      lightly-access check             is every stack of this project right? offline
    Deploying is Pulumi's: `pulumi up --stack <name>`.

    Exit codes: 0 all is well, 1 it is not, 2 wrong usage, 3 an unexpected error, 130 interrupted.
    """
    if isinstance(ctx.obj, Session):
        ctx.obj.debug = debug


def main(args: Sequence[str] | None = None) -> None:
    """The command `lightly-access`; always ends with SystemExit."""
    session = Session()
    try:
        try:
            app(args, obj=session)
        finally:
            sys.stdout.flush()  # what cannot be written is told below, and not by Python as it ends
    except Exception as error:  # the edge: one line for whoever typed the command, the rest on request
        if session.debug:
            raise
        if isinstance(error, ModuleNotFoundError) and (said := missing(error, "this")):
            typer.echo(f"lightly-access: {said}", err=True)
            sys.exit(1)
        if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
            _forget_output()
            typer.echo(f"lightly-access: the output cannot be written: {error.strerror}", err=True)
            sys.exit(2)
        lines = _without_secrets(str(error)).splitlines()
        typer.echo(f"lightly-access: {type(error).__name__}{': ' + lines[0] if lines else ''}", err=True)
        typer.echo("hint: this was not foreseen; `lightly-access --debug ...` shows where it happened", err=True)
        sys.exit(UNEXPECTED)


def _forget_output() -> None:
    """Python tries to write once more as it ends, and would complain in words of its own."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _without_secrets(text: str) -> str:
    """A text that may come from anywhere, without what the environment holds in trust."""
    import os

    from lightly_core.scrub import Scrubber

    return Scrubber.of_environment(os.environ).scrub(text)


if __name__ == "__main__":
    main()
