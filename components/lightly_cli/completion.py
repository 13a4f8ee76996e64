"""`lightly-access completion`: what makes a shell complete our verbs and options."""

from enum import StrEnum
from typing import Annotated

import typer


class Shell(StrEnum):
    """A shell that can."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell.")]) -> None:
    """Print what makes your shell complete verbs and options, for a file that it reads as it starts.

    \b
    Examples:
      lightly-access completion bash > \\
        ~/.local/share/bash-completion/completions/lightly-access
      lightly-access completion zsh > "${fpath[1]}/_lightly-access"
      lightly-access completion fish > \\
        ~/.config/fish/completions/lightly-access.fish

    Exit codes: 0 printed, 2 wrong usage.
    """
    from typer._completion_shared import get_completion_script

    script = get_completion_script(
        prog_name="lightly-access", complete_var="_LIGHTLY_ACCESS_COMPLETE", shell=shell.value
    )
    typer.echo(script)
