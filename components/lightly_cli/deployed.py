"""The deployment that a verb is about: read through Pulumi, or from a file that `pulumi stack export` wrote."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lightly_access.status.deployed import DeployedStack

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
    from lightly_access.status.deployed import StateError, deployed

    where = str(state) if state else "pulumi stack export"
    try:
        return deployed(json.loads(state.read_text(encoding="utf-8") if state else _exported(stack)))
    except (UnicodeDecodeError, json.JSONDecodeError):
        hint = "`pulumi stack export --file state.json` writes it"
        raise DeploymentError(f"{where}: got no JSON\nhint: {hint}") from None
    except StateError as wrong:
        raise DeploymentError(f"{where}: {wrong}") from None


def _exported(stack: str | None) -> str:
    """What Pulumi says: secrets stay encrypted, so that no passphrase is needed."""
    return told("stack", "export", stack=stack)


def told(*words: str, stack: str | None) -> str:
    """What Pulumi prints, told by these words. Raises DeploymentError."""
    pulumi, called = shutil.which("pulumi"), f"pulumi {' '.join(words)}"
    if not pulumi:
        raise DeploymentError("pulumi is not on PATH\nhint: install Pulumi, or give --state FILE")
    command = [pulumi, "--non-interactive", *words, *(["--stack", stack] if stack else [])]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603 - the user's own
    except subprocess.TimeoutExpired:
        raise DeploymentError(f"`{called}`: no answer within {_SECONDS} s") from None
    if ended.returncode:
        said = ended.stderr.strip() or f"it ended with {ended.returncode}"
        raise DeploymentError(f"`{called}` failed: {said}\nhint: run it in the project's folder, logged in")
    return ended.stdout
