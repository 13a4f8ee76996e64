"""What `rotate --leaked` and `revoke` share: the deployment and its secrets, logins, Pulumi run for one dataset."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import typer

from lightly_cli.session import note

if TYPE_CHECKING:
    from lightly_access.deployed.issued import DatasetResources
    from lightly_access.doctor.stack import Stack
    from lightly_access.kinds.ending import Issued, Login
    from lightly_access.manifest import Manifest


def resources(stack: str, names: Sequence[str]) -> "DatasetResources":
    """What the deployed stack has of the dataset, under the first of its names that it has. Its secrets are opened,
    into memory alone. Raises DeploymentError."""
    from lightly_access.deployed.issued import dataset_resources

    from lightly_cli import deployed

    document, _ = deployed.read_both(stack, None, show_secrets=True)
    found = [dataset_resources(document, name) for name in names]
    return next((each for each in found if each.urns), found[0])


def names(manifest: "Manifest", dataset: str) -> tuple[str, ...]:
    """The key of a dataset, and those that it had: a stack that was not deployed since has it under one of them."""
    return (dataset, *manifest.datasets[dataset].aliases)


class Logins:
    """Whoever ends a credential, as the stack's configuration and the environment log in."""

    def __init__(self, name: str, manifest: "Manifest", dataset: str) -> None:
        self._name, self._manifest, self._dataset = name, manifest, dataset

    def of(self, issued: "Issued") -> "Login":
        """For the account that owns the store of this credential's datasource."""
        from lightly_access.kinds.ending import Login

        source = self._manifest.datasets[self._dataset].sources[issued.purpose]
        return Login(self.stack, getattr(self._manifest.stores[source.store], "owner", None))

    @property
    def stack(self) -> "Stack":
        from dataclasses import replace

        from lightly_cli.stack import declared_stack

        return replace(declared_stack(self._name), manifest=self._manifest)


def renamed(names: Sequence[str], found: "DatasetResources") -> bool:
    """Whether the stack has it under an older key: a run that is limited to that would remove the dataset itself."""
    from lightly_access.naming import access_name
    from lightly_core.capability import Purpose

    old = {each for name in names[1:] for each in (name, *(access_name(name, purpose) for purpose in Purpose))}
    return any(urn.rpartition("::")[2] in old for urn in found.urns)


def command(stack: str, urns: Sequence[str]) -> list[str]:
    """The run of Pulumi that is about these resources alone."""
    targets = [word for urn in urns for word in ("--target", urn)]
    return ["pulumi", "up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, *targets]


def up(stack: str, urns: Sequence[str]) -> bool:
    """Run it, and show what it says; whether it went well."""
    words = command(stack, urns)
    found = shutil.which(words[0])
    if found is None:
        typer.echo("pulumi is not on PATH\nhint: install Pulumi", err=True)
        return False
    ended = subprocess.run([found, *words[1:]], stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno())  # noqa: S603 - the user's own
    return ended.returncode == 0


def announce(text: str, *, yes: bool) -> None:
    """What will be done, before anybody agrees to it: with --quiet only where somebody is asked."""
    (note if yes else partial(typer.echo, err=True))(text)


def agreed(yes: bool, question: str) -> bool:
    """Whether it shall be done. Raises typer.BadParameter where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here\nhint: --yes says that it shall be done", param_hint="--yes")
    return typer.confirm(question)
