"""The deployment that a verb is about: read through Pulumi, or from a file that `pulumi stack export` wrote."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lightly_cli import session

if TYPE_CHECKING:
    from lightly_access.deployed.stack import DeployedStack

Stack = Annotated[
    str | None, typer.Option("--stack", "-s", show_default=False, help="The stack. Default: the one that is selected.")
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", exists=True, dir_okay=False, show_default=False, help="What `pulumi stack export --file` wrote."
    ),
]
_SECONDS = 120


class DeploymentError(RuntimeError):
    """The deployment cannot be read; the text says why and what to do."""


def read(stack: str | None, state: Path | None) -> "DeployedStack":
    """The deployment, without opening a secret of it. Raises DeploymentError."""
    return read_both(stack, state)[1]


def read_both(
    stack: str | None, state: Path | None, *, show_secrets: bool = False
) -> "tuple[dict[str, Any], DeployedStack]":
    """The document of the export and what is read of it. With `show_secrets` Pulumi opens its secrets: keep nothing of
    the document. Raises DeploymentError."""
    from lightly_access.deployed.exported import StateError
    from lightly_access.deployed.stack import deployed

    found = document(stack, state, show_secrets=show_secrets)
    try:
        return found, deployed(found)
    except StateError as wrong:
        raise DeploymentError(f"{state or 'pulumi stack export'}: {wrong}") from None


def document(stack: str | None, state: Path | None, *, show_secrets: bool = False) -> Any:
    """The export itself, unread. Raises DeploymentError."""
    found = _parsed(state.read_bytes() if state else _exported(stack, show_secrets=show_secrets))
    if found is None:
        hint = "`pulumi stack export --file state.json` writes it"
        raise DeploymentError(f"{state or 'pulumi stack export'}: got no JSON\nhint: {hint}")
    return found


def stack_name(stack: str | None, state: Path | None) -> str | None:
    """The stack that is meant, where somebody says it: by name, in a state, or the one that Pulumi has selected.

    Raises DeploymentError for a file that is no state.
    """
    if state:
        return read(None, state).stack or None
    if stack or not shutil.which("pulumi"):
        return stack
    try:
        return told("stack", "--show-name", stack=None).strip() or None
    except DeploymentError:  # the next question of it says why
        return None


def only(found: "DeployedStack", names: list[str]) -> "DeployedStack":
    """The named datasets. Raises typer.BadParameter for one that is not deployed."""
    from dataclasses import replace

    from lightly_core.fault import Fault, did_you_mean

    known = {dataset.name: dataset for dataset in found.datasets}
    for name in names:
        if name not in known:
            listed = f"a dataset of this stack: {', '.join(known)}" if known else "a dataset, of which it has none"
            raise typer.BadParameter(Fault(listed, did_you_mean(name, known)).sentence(name))
    return replace(found, datasets=tuple(known[name] for name in names)) if names else found


def _parsed(text: str | bytes) -> Any:
    """None for what is no JSON: its error would hold the text, and in it secrets."""
    try:
        return json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None


def _exported(stack: str | None, *, show_secrets: bool) -> str:
    """What Pulumi says: without `show_secrets` they stay encrypted, so that no passphrase is needed."""
    if not show_secrets:
        return told("stack", "export", stack=stack)
    closed = "; with --no-probe they stay closed" if _takes("--no-probe") else ""
    return told(
        "stack", "export", "--show-secrets", stack=stack, needs=f", with what opens the stack's secrets{closed}"
    )


def _takes(option: str) -> bool:
    """Whether the verb that runs has the option, so that a hint may name it."""
    return option in session.options.get()


def told(*words: str, stack: str | None, needs: str = "", given: str | None = None, seconds: float = _SECONDS) -> str:
    """What Pulumi prints, told by these words; `needs` is what it needs beside a login, `given` its standard input.
    Raises DeploymentError."""
    pulumi, called = shutil.which("pulumi"), f"pulumi {' '.join(words)}"
    if not pulumi:
        instead = ", or give --state FILE" if _takes("--state") else ""
        raise DeploymentError(f"pulumi is not on PATH\nhint: install Pulumi{instead}")
    command = [pulumi, "--non-interactive", *words, *(["--stack", stack] if stack else [])]
    try:
        ended = subprocess.run(  # noqa: S603 - the user's own
            command, input=given, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise DeploymentError(f"`{called}`: no answer within {seconds:g} s") from None
    if ended.returncode:
        said = ended.stderr.strip() or f"it ended with {ended.returncode}"
        raise DeploymentError(f"`{called}` failed: {said}\nhint: run it in the project's folder, logged in{needs}")
    return ended.stdout


def backend_url() -> str:
    """Where Pulumi is logged in. Raises DeploymentError, and ValueError for what is no JSON."""
    found = json.loads(told("whoami", "--json", stack=None))
    return str(found.get("url", "")) if isinstance(found, dict) else ""


def bring(stack: str, document: "dict[str, Any]") -> None:
    """Make this the deployment of a stack; its secrets are encrypted by Pulumi, and are in no file and no argument of
    ours. Raises DeploymentError."""
    pulumi, called = shutil.which("pulumi"), f"pulumi stack import --stack {stack}"
    if not pulumi:
        raise DeploymentError("pulumi is not on PATH\nhint: install Pulumi")
    command = [pulumi, "--non-interactive", "stack", "import", "--stack", stack]
    try:
        ended = subprocess.run(  # noqa: S603 - the user's own
            command, input=json.dumps(document), capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise DeploymentError(f"`{called}`: no answer within {_SECONDS} s") from None
    if ended.returncode:
        raise DeploymentError(f"`{called}` failed: {last_line(ended.stderr)}")


def last_line(text: str) -> str:
    """Of what Pulumi printed, that which tells: no hint of ours, and scrubbed, for it may repeat a value."""
    from lightly_core.hint import without_hint
    from lightly_core.scrub import Scrubber

    lines = [line.strip() for line in without_hint(text).splitlines() if line.strip()]
    return Scrubber.of_environment(os.environ).scrub(lines[-1] if lines else "Pulumi said nothing")
