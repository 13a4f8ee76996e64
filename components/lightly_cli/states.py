"""The states of stacks that a verb reads and writes back: never over what somebody else has written in between."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lightly_cli import deployed, output
from lightly_cli.deployed import DeploymentError


class States:
    """Of one run, which may wait for an answer between reading and writing."""

    def __init__(self) -> None:
        self._was: dict[str, Any] = {}

    def read(self, stack: str) -> Any:
        """A stack's state with its secrets in clear: for memory alone. Raises DeploymentError."""
        self._was[stack] = deployed.document(stack, None)
        return deployed.document(stack, None, show_secrets=True)

    def keep(self, stack: str, verb: str, folder: Path) -> str:
        """Write the state as it was read, with its secrets encrypted; what is said of it. Raises typer.BadParameter."""
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        file = folder / f"{stack.replace('/', '-')}-before-{verb}-{at}.json"
        output.write("--backup", file, json.dumps(self._was[stack], indent=2), private=True)
        return f"{file} has {stack} as it was"

    def bring(self, stack: str, state: dict[str, Any]) -> None:
        """Make this the state of a stack that was read. Raises DeploymentError, also where it is another one by now:
        whoever wrote it made what this state does not know."""
        if deployed.document(stack, None) != self._was[stack]:
            raise DeploymentError(
                f"{stack} was deployed in the meantime, and its state is not written over\n"
                "hint: the same command again goes on"
            )
        deployed.bring(stack, state)
        self._was[stack] = deployed.document(stack, None)
