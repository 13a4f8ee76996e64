"""The stack that a verb is about, as its files declare it; its secrets are opened by Pulumi, when one is needed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lightly_access.doctor.finding import Finding
    from lightly_access.doctor.stack import Stack
    from lightly_access.manifest import Manifest
    from lightly_core.secret import Secret


def examined_stack(name: str | None) -> "tuple[Stack, Finding]":
    """The stack of this name, or the only one; what its files have of problems is a finding.

    Raises typer.BadParameter when it is not there, or several are.
    """
    from lightly_access.doctor.finding import Finding, State
    from lightly_access.manifest.stack_file import NoManifestError, find, own_stack_files, project_root

    root = project_root(Path.cwd())
    try:
        paths = [find(name, root)] if name else list(own_stack_files(root).values())
    except NoManifestError as missing:
        raise typer.BadParameter(str(missing), param_hint="--stack") from None
    if len(paths) > 1:
        names = ", ".join(own_stack_files(root))
        raise typer.BadParameter(f"there is more than one stack: {names}\nhint: --stack names one")
    if not paths:
        return nameless(), Finding(
            "manifest", State.WARNING, "there is no stack here", "run it in the project's folder"
        )
    return _of_file(paths[0], root)


def declared_stack(name: str | None, manifest: "Manifest | None" = None) -> "Stack":
    """The stack of this name, or the only one, as far as its files say it; without a file one that says nothing. A
    `manifest` that was checked is not checked again."""
    from lightly_access.manifest.stack_file import own_stack_files, project_root, stack_files

    root = project_root(Path.cwd())
    files = stack_files(root) if name else own_stack_files(root)
    short = (name or "").rpartition("/")[2]  # Pulumi takes organisation/project/stack, too
    path = files.get(short) if name else next(iter(files.values())) if len(files) == 1 else None
    return nameless() if path is None else _of_file(path, root, manifest)[0]


def nameless() -> "Stack":
    """One that says nothing."""
    from lightly_access.doctor.stack import Stack
    from lightly_access.manifest.stack_file import project_root

    from lightly_cli.declared import project

    return Stack("", project(), project_root(Path.cwd()), _nothing(), {}, os.environ, _never)


def _of_file(path: Path, root: Path, known: "Manifest | None" = None) -> "tuple[Stack, Finding]":
    from functools import partial

    from lightly_access.doctor.finding import Finding, State
    from lightly_access.doctor.stack import Stack
    from lightly_access.manifest import Checked
    from lightly_access.manifest.stack_file import check_path, stack_config
    from lightly_core.counted import counted

    from lightly_cli.declared import project

    called = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    checked = Checked(known, (), ()) if known else check_path(path, os.environ)
    config = stack_config(path) if path.is_file() else {}
    manifest = checked.manifest or _nothing()
    stack = Stack(called, project(), root, manifest, config, os.environ, partial(_opened, called))
    if checked.manifest is None:
        said = f"{called}: {counted(len(checked.problems), 'problem')}, first {checked.problems[0].what}"
        return stack, Finding("manifest", State.BAD, said, f"lightly-access check {called}")
    size = f"{counted(len(checked.manifest.datasets), 'dataset')}, {counted(len(checked.manifest.stores), 'store')}"
    return stack, Finding("manifest", State.OK, f"{called}: {size}")


def _nothing() -> "Manifest":
    from lightly_access.manifest import Manifest

    nothing = Manifest.check({"empty": True}).manifest
    assert nothing is not None
    return nothing


def _never(key: str) -> "Secret":
    from lightly_access.doctor.stack import ClosedSecretError

    raise ClosedSecretError(f"{key}: there is no stack")


def _opened(stack: str, key: str) -> "Secret":
    """A secret of the stack's configuration, through Pulumi. Raises ClosedSecretError with what Pulumi says of it."""
    from lightly_access.doctor.stack import ClosedSecretError
    from lightly_core.secret import Secret

    from lightly_cli.deployed import DeploymentError, last_line, told

    try:
        return Secret(told("config", "get", key, stack=stack).strip())
    except DeploymentError as error:
        raise ClosedSecretError(last_line(str(error))) from None
