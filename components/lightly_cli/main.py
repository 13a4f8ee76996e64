"""`lightly-access`: the verbs, what every one of them shares, and how a run ends.

A verb is a function of its own name (`-` is `_`) in a module of its own name; the module is imported when its verb is
needed, and whatever is slow to import (pydantic, yaml, rich, servers) is imported inside the function.
"""

import atexit
import errno
import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from lightly_core.extra import missing
from lightly_core.fault import Fault, did_you_mean, one_of
from typer.core import TyperGroup

from lightly_cli.session import UNREAD, Output, no_color, options, session, tell_exchanges

VERBS = {
    "init": "Make a project of your own.",
    "rehearse": "Deploy against clouds on this machine, and prove it.",
    "check": "Check manifests, offline.",
    "analyze": "Show what Lightly could do, offline.",
    "deployer-policy": "Print what whoever deploys needs in the clouds.",
    "handoff": "Write what to ask of whoever decides on access.",
    "audit": "Check what exists for a dataset, and how to take it over.",
    "status": "Show how a deployed stack stands, and until when.",
    "doctor": "Examine what a deployment needs: tools, token, logins.",
    "verify": "Ask Lightly and the stores now: what changed?",
    "rotate": "Replace a dataset's credentials at the next deployment.",
    "revoke": "End Lightly's access to a dataset, and show it.",
    "move": "Move a dataset to another stack; nothing is made anew.",
    "fleet": "Run a verb for all shards of a manifest, side by side.",
    "report": "Write one page about a deployed stack.",
    "recover": "After a killed run: take over or clear what it left.",
    "explain": "Say what an error of a cloud or of Lightly means.",
    "schema": "Print the manifest's JSON Schema, for editors.",
    "sandbox": "Run the local clouds alone, for any tool.",
    "serve": "Serve a local store to Lightly's web application.",
    "worker-command": "Print the command that starts the Lightly Worker.",
    "schedule": "Register a run of the Lightly Worker.",
    "completion": "Print what makes your shell complete these words.",
}
"""Each verb and its line in `--help`, in that order."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a full disk answers to standard output, whose errors name no file."""

COMPLETE = "_LIGHTLY_ACCESS_COMPLETE"
"""The variable by which a shell asks for words; `lightly-access completion` prints what sets it."""

TYPES = {
    **dict.fromkeys(("<str>", "<list[str]>"), "<text>"),
    **dict.fromkeys(("<Path>", "<list[Path]>"), "<path>"),
    **dict.fromkeys(("<int range>", "<float range>"), "<number>"),
}
"""What Typer calls a value of an option, and what help calls it."""

_PYDANTICS = "Value error, "
_NO_CHOICE = re.compile(f"(?:{_PYDANTICS})?'(.*)' is not one of (.*)\\.")

UNEXPECTED = 3
"""The exit code of an error that we did not foresee."""


class Verbs(TyperGroup):
    """The verbs, imported late."""

    def list_commands(self, ctx: object) -> list[str]:
        return list(VERBS)

    def format_commands(self, ctx: object, formatter: Any) -> None:
        """What typer lists by importing every verb, which takes as long again as the start."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = _in_our_words(wrong.message)
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in VERBS and (near := did_you_mean(args[0], VERBS)):
            ctx.fail(f"No such command {args[0]!r}.\nhint: {near}")
        name, verb, rest = super().resolve_command(ctx, args)
        params = verb.params if verb else ()
        options.set(frozenset(word for each in params for word in (*each.opts, *each.secondary_opts)))
        return name, verb, rest

    def get_command(self, ctx: object, cmd_name: str) -> typer.core.TyperCommand | None:
        if cmd_name not in VERBS:
            return None
        if cmd_name not in self.commands:
            name = cmd_name.replace("-", "_")
            verb = getattr(import_module(f"lightly_cli.{name}"), name)
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(cmd_name, short_help=VERBS[cmd_name])(verb)
            self.commands[cmd_name] = typer.main.get_command(alone)
            _say_types(self.commands[cmd_name].params)
        found = self.commands[cmd_name]
        assert isinstance(found, typer.core.TyperCommand)
        return found


def _in_our_words(message: str) -> str:
    """What Typer says of a word that is none of its choices, as everything else is said here."""
    found = _NO_CHOICE.fullmatch(message)
    if not found:
        return message.removeprefix(_PYDANTICS)
    choices = [word.strip("'") for word in found[2].split(", ")]
    return Fault(one_of(choices), did_you_mean(found[1], choices)).sentence(found[1])


def _say_types(params: Iterable[Any]) -> None:
    """Let help say of an option what it takes, without types of Python; of an argument its name says it."""
    for param in params:
        if hasattr(param, "display_type_rich"):  # of Typer; another version's own words stay
            option = param.param_type_name == "option"
            param.display_type_rich = partial(_type, param.display_type_rich, option)


def _type(named: Callable[[object], str | None], option: bool, ctx: object) -> str | None:
    name = named(ctx)
    if name is None or name not in TYPES:
        return name
    return TYPES[name] if option else None


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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the result and errors, and no notes.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also print a line for each exchange over HTTP, without secrets.")
    ] = False,
    plain: Annotated[bool, typer.Option("--no-color", help="Print without colours, as with NO_COLOR=1.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Give Lightly least-privilege access to storage you own, register it, and prove that nothing more works.

    \b
    Start here:
      lightly-access rehearse    the whole job on this machine, with no accounts
      lightly-access init DIR    a project of your own
      lightly-access check       is every stack of this project right? offline
    Deploying is Pulumi's: `pulumi up --stack <name>`.

    Exit codes: 0 all is well, 1 it is not, 2 wrong usage, 3 an unexpected error, 130 interrupted, 141 nobody reads.
    """
    session.debug, session.quiet = debug, quiet
    if plain:
        no_color()
    if verbose:
        tell_exchanges()


def main(args: Sequence[str] | None = None) -> None:
    """The command `lightly-access`; always ends with SystemExit."""
    gc.set_threshold(100_000)  # thousands of datasets are millions of values, none of which is garbage
    atexit.register(gc.freeze)  # nor is it looked through once more as Python ends, which takes a second
    session.debug = session.quiet = False
    out = Output.now()
    if COMPLETE in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    try:
        try:
            app(args, prog_name="lightly-access")
        finally:
            out.stream.flush()  # what cannot be written is told below, and not by Python as it ends
    except BrokenPipeError:
        _end_broken(out)
    except SystemExit:
        if out.given_up():
            _end_broken(out)
        raise
    except Exception as error:  # the edge: one line for whoever typed the command, the rest on request
        if session.debug:
            raise
        if isinstance(error, ModuleNotFoundError) and (said := missing(error, "this")):
            typer.echo(f"lightly-access: {said}", err=True)
            sys.exit(1)
        if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
            out.forget()
            typer.echo(f"lightly-access: the output cannot be written: {error.strerror}", err=True)
            sys.exit(2)
        lines = _without_secrets(str(error)).splitlines()
        typer.echo(f"lightly-access: {type(error).__name__}{': ' + lines[0] if lines else ''}", err=True)
        typer.echo("hint: this was not foreseen; `lightly-access --debug ...` shows where it happened", err=True)
        sys.exit(UNEXPECTED)


def _end_broken(out: Output) -> NoReturn:
    """End as other programs do whose reader is gone, as with `| head`; a pipe to somebody else that broke is told."""
    if out.unread():
        out.forget()
        sys.exit(UNREAD)
    typer.echo("lightly-access: BrokenPipeError: somebody whom we talked to has hung up", err=True)
    sys.exit(UNEXPECTED)


def _without_secrets(text: str) -> str:
    """A text that may come from anywhere, without what the environment holds in trust."""
    from lightly_core.scrub import Scrubber

    return Scrubber.of_environment(os.environ).scrub(text)


if __name__ == "__main__":
    main()
