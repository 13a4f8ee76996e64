"""A Pulumi project, and its program run in this process, which pays for its imports once."""

import contextlib
import os
import runpy
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lightly_sandbox.deployer.command import without_logins


@dataclass(frozen=True)
class Project:
    """A program, the project's name, and the configuration of one of its stacks."""

    name: str
    program: Path
    config: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, stack: str) -> "Project":
        """As Pulumi.yaml in `folder` and the stack's file have it; a salt in the latter is not ours to use."""
        document = yaml.safe_load((folder / "Pulumi.yaml").read_text())
        file = folder / document.get("stackConfigDir", ".") / f"Pulumi.{stack}.yaml"
        config = yaml.safe_load(file.read_text()).get("config") or {} if file.exists() else {}
        return cls(document["name"], folder / document.get("main", "."), config)

    def run(self) -> None:
        """The program. Inside of a stack, which Pulumi's Automation API makes."""
        path, arguments = list(sys.path), list(sys.argv)
        try:
            runpy.run_path(str(self.program), run_name="__main__")
        finally:
            sys.path[:], sys.argv[:] = path, arguments


@contextlib.contextmanager
def environment(env: Mapping[str, str]) -> Iterator[None]:
    """This process's environment inside the block: `env`, and none of the user's logins."""
    before = dict(os.environ)
    inside = {**without_logins(before), **env}
    try:
        _become(inside)
        yield
    finally:
        _become(before)


def _become(wanted: Mapping[str, str]) -> None:
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
