"""`lightly-access recover`: after a run that was killed, brings the stack's state and the clouds together again."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.deployed import Stack, State

if TYPE_CHECKING:
    from lightly_access.recover.decision import Decision

    from lightly_cli.recovery import Recovery


def recover(
    stack: Stack = None,
    state: State = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it; without it, it is shown, and asked for.")] = False,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="The run that holds the stack is over, although it is not this machine's.")
    ] = False,
    strays: Annotated[
        bool, typer.Option("--strays", help="Remove also keys that no state knows and no killed run explains.")
    ] = False,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take", show_default=False, help="A resource of the stack, by its name, that exists and is this stack's."
        ),
    ] = None,
    forget: Annotated[
        list[str] | None,
        typer.Option(
            "--forget", show_default=False, help="A resource by its name: clear its note without looking for it."
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option(help="Look also for what `pulumi up` would make, under the names that are this stack's.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines; asks nothing.")] = False,
) -> None:
    """After a run that was killed, take over what it had made, and clear the rest, so that `pulumi up` goes on.

    Whatever Pulumi had begun and never heard the end of is in the stack's state. Each is looked for in its cloud, or at
    Lightly: what is there goes into the state, a key whose secret was lost is removed, and what is not there is
    forgotten. So is what no note tells of, as after `pulumi refresh --yes`, where its name shows whose it is; of a
    bucket, a container or a dataset you say it: `--take cows-dataset`. It also ends the lock of a run that is not there
    any more, and mends a backend of files that cannot be read. Without --yes it asks first, and where nobody can be
    asked nothing is changed. It needs what `pulumi up` needs: the logins, what opens the stack's secrets, and
    LIGHTLY_TOKEN for a dataset.

    \b
    Examples:
      lightly-access recover --stack prod
      lightly-access recover --stack prod --yes
      lightly-access recover --state state.json --json

    --json prints {"ok": true, "done": false, "operations": [...]}; lightly_access/recover/document.py has its shape.

    Exit codes: 0 nothing is in flight (any more), 1 something is, 2 wrong usage, or Pulumi cannot read the stack.
    """
    from lightly_access.recover import document
    from lightly_access.recover.undone import on_hold, to_do

    from lightly_cli.deployed import DeploymentError
    from lightly_cli.recovery import Recovery

    recovery = Recovery(stack, state, strays=strays, take=take or (), forget=forget or (), preview=preview)
    said = _Said(recovery, state, as_json=as_json)
    try:
        lock = recovery.free(may=yes, cancel=cancel)
        found = recovery.survey()
        may = not (lock or state or on_hold(found))
        done = may and (yes or (to_do(found) and not as_json and said.agreed(found)))
        if done:
            found = recovery.act(found)
    except DeploymentError as error:
        said.mended()
        for each in recovery.acted:
            typer.echo(each, err=True)
        typer.echo(recovery.clean(str(error)), err=True)
        if recovery.acted:
            typer.echo(f"the rest was not done: {recovery.again('--yes')} goes on from here", err=True)
        raise typer.Exit(2) from None
    said.mended()
    if as_json:
        typer.echo(json.dumps(document.as_json(found, lock, done=done), indent=2))
    else:
        said.outcome(found, lock, done=done)
    raise typer.Exit(0 if document.is_ok(found, done=done) and not lock else 1)


class _Said:
    """What is said to people, each thing once."""

    def __init__(self, recovery: "Recovery", state: Path | None, *, as_json: bool) -> None:
        self._recovery, self._state, self._as_json = recovery, state, as_json
        self._mended = 0
        self._shown: list[Decision] = []

    def mended(self) -> None:
        """What was put right beside the state; beside JSON on standard error."""
        for each in self._recovery.mended[self._mended :]:
            typer.echo(each, err=self._as_json)
        self._mended = len(self._recovery.mended)

    def agreed(self, found: "list[Decision]") -> bool:
        """Whether somebody is there, and wants it done."""
        if not sys.stdin.isatty():
            return False
        self.mended()
        _show(found, done=False)
        self._shown = found
        return typer.confirm("Do it?")

    def outcome(self, found: "list[Decision]", lock: str | None, *, done: bool) -> None:
        """What was done, or what was not, why, and the next command."""
        from lightly_access.recover.terminal import summary
        from lightly_access.recover.undone import undone

        _show([each for each in found if each not in self._shown], done=done)
        if done and self._shown:
            typer.echo(summary(found))
        if not found:
            nothing = "nothing is in flight, and no key is there that the state does not know"
            typer.echo(lock or nothing, err=bool(lock))
        elif done:
            typer.echo("`pulumi up` goes on from here")
        else:
            again, refused = self._recovery.again("--yes"), bool(self._shown)
            exported = self._state is not None
            typer.echo(undone(found, again=again, lock=lock, exported=exported, refused=refused), err=True)


def _show(found: "list[Decision]", *, done: bool) -> None:
    from lightly_access.recover import terminal

    from lightly_cli.fitting import print_lines

    print_lines(terminal.lines(found, done=done))
