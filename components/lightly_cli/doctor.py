"""`lightly-access doctor`: what a deployment needs of this machine, of Lightly and of the clouds, and what is amiss."""

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lightly_cli.deployed import State

if TYPE_CHECKING:
    from lightly_access.doctor.finding import Answer, Finding
    from lightly_access.doctor.question import Question
    from lightly_access.doctor.stack import Stack
    from lightly_core.secret import Secret

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
      lightly-access doctor --stack prod --json | jq '.findings[] | select(.state != "ok")'

    --json prints {"ok": false, "findings": [...]}; lightly_access/doctor/document.py has its shape.

    Exit codes: 0 well, 1 something is bad or could not be told, 2 wrong usage.
    """
    from lightly_access.doctor import document, terminal
    from lightly_access.doctor.examination import examination
    from lightly_access.doctor.finding import Answer
    from lightly_access.doctor.question import ask_all
    from rich.console import Console

    found, about = _stack(stack)
    answers = [Answer((about,)), *ask_all(_questions(found, state), seconds)]
    examined = examination(answers)
    if as_json:
        typer.echo(json.dumps(document.as_json(examined), indent=2))
    else:
        console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        for text, style in terminal.lines(examined):
            console.print(text, style=style or None)
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


def _stack(name: str | None) -> "tuple[Stack, Finding]":
    """The stack of this name, or the only one; what its files have of problems is a finding.

    Raises typer.BadParameter when it is not there, or several are.
    """
    from functools import partial

    from lightly_access.doctor.finding import Finding, State
    from lightly_access.doctor.stack import Stack
    from lightly_access.manifest import Manifest
    from lightly_access.manifest.stack_file import (
        NoManifestError,
        check_path,
        find,
        own_stack_files,
        project_root,
        stack_config,
    )
    from lightly_core.counted import counted

    from lightly_cli.declared import project

    root = project_root(Path.cwd())
    try:
        paths = [find(name, root)] if name else list(own_stack_files(root).values())
    except NoManifestError as missing:
        raise typer.BadParameter(str(missing), param_hint="--stack") from None
    if len(paths) > 1:
        names = ", ".join(own_stack_files(root))
        raise typer.BadParameter(f"there is more than one stack: {names}\nhint: --stack names one")
    nothing = Manifest.check({"empty": True}).manifest
    assert nothing is not None
    if not paths:
        about = Finding("manifest", State.WARNING, "there is no stack here", "run it in the project's folder")
        return Stack("", project(), root, nothing, {}, os.environ, _never), about
    path = paths[0]
    called = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    checked = check_path(path, os.environ)
    config = stack_config(path) if path.is_file() else {}
    stack = Stack(called, project(), root, checked.manifest or nothing, config, os.environ, partial(_opened, called))
    if checked.manifest is None:
        said = f"{called}: {counted(len(checked.problems), 'problem')}, first {checked.problems[0].what}"
        return stack, Finding("manifest", State.BAD, said, f"lightly-access check {called}")
    size = f"{counted(len(checked.manifest.datasets), 'dataset')}, {counted(len(checked.manifest.stores), 'store')}"
    return stack, Finding("manifest", State.OK, f"{called}: {size}")


def _never(key: str) -> "Secret":
    from lightly_access.doctor.stack import ClosedSecretError

    raise ClosedSecretError(f"{key}: there is no stack")


def _opened(stack: str, key: str) -> "Secret":
    """A secret of the stack's configuration, through Pulumi. Raises ClosedSecretError with what Pulumi says of it."""
    from lightly_access.doctor.stack import ClosedSecretError
    from lightly_core.secret import Secret

    from lightly_cli.deployed import DeploymentError, told

    try:
        return Secret(told("config", "get", key, stack=stack).strip())
    except DeploymentError as error:
        raise ClosedSecretError(_last_line(str(error))) from None


def _deployment(stack: "Stack", state: Path | None) -> "Answer":
    """When it was deployed last. Raises NotReachedError where Pulumi's backend cannot be reached."""
    from datetime import UTC, datetime
    from shutil import which

    from lightly_access.doctor import deployment
    from lightly_access.doctor.finding import Answer, Finding, NotReachedError, State

    from lightly_cli.deployed import DeploymentError, read

    if not state and not which("pulumi"):
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
        return Answer((Finding(deployment.NAME, State.UNKNOWN, _last_line(said), fix),))
    return Answer((deployment.finding(found, datetime.now(UTC)),))


def _last_line(text: str) -> str:
    """Of what Pulumi printed, that which tells: no hint of ours, and scrubbed, for it may repeat a value."""
    from lightly_core.hint import without_hint
    from lightly_core.scrub import Scrubber

    lines = [line.strip() for line in without_hint(text).splitlines() if line.strip()]
    return Scrubber.of_environment(os.environ).scrub(lines[-1] if lines else "Pulumi said nothing")
