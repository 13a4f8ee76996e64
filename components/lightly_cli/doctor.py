"""`lightly-access doctor`: what a deployment needs of this machine, of Lightly and of the clouds, and what is amiss."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.deployed import State

if TYPE_CHECKING:
    from lightly_access.doctor.finding import Answer
    from lightly_access.doctor.question import Question
    from lightly_access.doctor.stack import Stack

_NO_NETWORK = re.compile(r"dial tcp|no such host|connection refused|i/o timeout|TLS handshake|network is unreachable")
"""What Go says of a backend that it cannot reach."""


def doctor(
    stack: Annotated[
        str | None, typer.Option("--stack", "-s", show_default=False, help="The stack. Default: the only one.")
    ] = None,
    state: State = None,
    seconds: Annotated[float, typer.Option(min=1, max=300, help="How long each question may take.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Examine Python, Pulumi, the provider, proxy, certificates, the token, each cloud's login, the clock, the stack.

    A line each, and a hint for what is not well. AWS is asked who the login of each account is, and by simulation
    whether it may do what `deployer-policy` lists; Google Cloud and Azure are asked what theirs may do. All questions
    are asked side by side. Nothing is changed or written, and no secret is shown.

    \b
    Examples:
      lightly-access doctor
      lightly-access doctor --stack prod --json |
        jq '.findings[] | select(.state != "ok")'

    --json prints {"ok": false, "findings": [...]}; lightly_access/doctor/document.py has its shape.

    Exit codes: 0 well, 1 something is bad or could not be told, 2 wrong usage.
    """
    from lightly_access.doctor import document, terminal
    from lightly_access.doctor.examination import examination
    from lightly_access.doctor.finding import Answer
    from lightly_access.doctor.question import ask_all

    from lightly_cli.stack import examined_stack

    found, about = examined_stack(stack)
    answers = [Answer((about,)), *ask_all(_questions(found, state), seconds)]
    examined = examination(answers)
    if as_json:
        typer.echo(json.dumps(document.as_json(examined), indent=2))
    else:
        from lightly_cli.fitting import print_lines

        print_lines(terminal.lines(examined))
    raise typer.Exit(0 if examined.ok else 1)


def _questions(stack: "Stack", state: Path | None) -> "list[Question]":
    """All of them, in the order of their lines."""
    from functools import partial

    from lightly_access.doctor import deployment, machine_facts, token
    from lightly_access.doctor.question import Question
    from lightly_access.kinds import registry

    found = [*machine_facts.questions(stack), Question(token.NAME, partial(token.ask, stack), token.host(stack))]
    found += [question for kind in registry.ROWS for question in kind.logins(stack)]
    if stack.name or state:
        found.append(Question(deployment.NAME, partial(_deployment, stack, state)))
    return found


def _deployment(stack: "Stack", state: Path | None) -> "Answer":
    """When it was deployed last. Raises NotReachedError where Pulumi's backend cannot be reached."""
    from datetime import UTC, datetime

    from lightly_access.doctor import deployment
    from lightly_access.doctor.finding import Answer, Finding, NotReachedError, State
    from lightly_access.doctor.machine_facts import pulumi_works

    from lightly_cli.deployed import DeploymentError, last_line, read

    if not state and not pulumi_works():
        return Answer()  # which has a line of its own
    try:
        found = read(stack.name or None, state)
    except DeploymentError as error:
        said = str(error)
        if _NO_NETWORK.search(said):
            raise NotReachedError("Pulumi's backend", "no connection") from None
        if "no stack named" in said:
            fix = f"pulumi stack init {stack.name}, or log in where it is: `pulumi login`"
            return Answer((Finding(deployment.NAME, State.WARNING, f"Pulumi has no stack {stack.name}", fix),))
        fix = "`pulumi login`, and run this in the project's folder"
        return Answer((Finding(deployment.NAME, State.UNKNOWN, last_line(said), fix),))
    return Answer((deployment.finding(found, datetime.now(UTC)),))
