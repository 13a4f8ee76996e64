"""`status` and `verify` of one shard, as a part of what is said of a fleet."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

import typer
from lightly_access.fleet.ran import UNREADABLE, Ran
from lightly_core.counted import counted

from lightly_cli import deployed

Asked = Callable[[str], Ran]


def status(stack: str) -> Ran:
    """How it stood when it was last verified, and until when its credentials last."""
    from lightly_access.status import conditions, document
    from lightly_access.status.due import deadlines

    now = datetime.now(UTC)
    try:
        found = deployed.read(stack, None)
    except deployed.DeploymentError as error:
        return Ran(stack, False, UNREADABLE, (str(error),))
    failing = conditions.failing(conditions.conditions("red"), found, now)
    said = f"{counted(len(found.datasets), 'dataset')}; {deadlines(found).sentence(now)}"
    return Ran(stack, not failing, said, tuple(failing), document.as_json(found, failing, now))


def verify(stack: str) -> Ran:
    """How the lights are now, by Lightly, the stores and the clouds."""
    from lightly_access.verify import document, terminal
    from lightly_core.scrub import Scrubber

    from lightly_cli.api import lightly
    from lightly_cli.rounds import Rounds
    from lightly_cli.stack import declared_stack

    began, scrubber = time.monotonic(), Scrubber.of_environment(os.environ)
    try:
        declared = declared_stack(stack)
        found = Rounds(lightly(declared, scrubber), scrubber, stack, None, probe=True, clouds=declared).ask([])
    except deployed.DeploymentError as error:
        return Ran(stack, False, UNREADABLE, (str(error),))
    except typer.BadParameter as error:
        return Ran(stack, False, UNREADABLE, (error.message,))
    wrong = "" if found.exit_code == 0 else "\n".join(text for text, _ in terminal.lines(found))
    said, took = counted(len(found.datasets), "dataset"), time.monotonic() - began
    if found.exit_code == 2:
        return Ran(stack, False, UNREADABLE, (wrong,), document.as_json(found), took)
    return Ran(stack, found.exit_code == 0, said, (wrong,) if wrong else (), document.as_json(found), took)
