"""A Pulumi project, and its program run in this process, which pays for its imports once."""

import contextlib
import os
import runpy
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from lightly_access.manifest.yaml_text import read
from pulumi.runtime.settings import SETTINGS

from lightly_sandbox.deployer.command import without_logins


@dataclass(frozen=True)
class Project:
    """A program, the project's name, and the configuration of one of its stacks."""

    name: str
    program: Path | None
    """None where it is not in Python: then `deploy_stack` is the program."""
    config: Mapping[str, Any] = field(default_factory=dict)
    root: Path | None = None
    """The folder of Pulumi.yaml, as the program asks for it; else that of the run."""

    @classmethod
    def load(cls, folder: Path, stack: str = "") -> "Project":
        """As Pulumi.yaml in `folder` and the stack's file have it; a salt in the latter is not ours to use."""
        document = _read(folder / "Pulumi.yaml")
        file = folder / document.get("stackConfigDir", ".") / f"Pulumi.{stack}.yaml"
        config = _read(file).get("config") or {} if file.exists() else {}
        runtime = document["runtime"]["name"] if isinstance(document["runtime"], dict) else document["runtime"]
        program = folder / document.get("main", ".") if runtime == "python" else None
        return cls(document["name"], program, config, folder)

    def run(self) -> None:
        """The program. Inside of a stack, which Pulumi's Automation API makes. Its modules are read anew each time, as
        by a program that begins; those of the environment and of lightly-access are not its own."""
        path, arguments, loaded = list(sys.path), list(sys.argv), set(sys.modules)
        if self.root:
            SETTINGS.root_directory = str(self.root)
        try:
            if self.program:
                _must_begin(self.program)
                runpy.run_path(str(self.program), run_name="__main__")
            else:
                from lightly_access import deploy_stack

                deploy_stack()
        finally:
            sys.path[:], sys.argv[:] = path, arguments
            for name in {*sys.modules} - loaded if self.program else ():
                if self._owns(name):
                    del sys.modules[name]

    def _owns(self, module: str) -> bool:
        file = getattr(sys.modules[module], "__file__", None)
        if not (file and self.root) or module.startswith("lightly_"):
            return False
        return Path(file).is_relative_to(self.root) and not Path(file).is_relative_to(sys.prefix)


def _must_begin(program: Path) -> None:
    """Python takes the `__main__` of any other folder on its path where the program's own has none."""
    if not program.exists() or (program.is_dir() and not (program / "__main__.py").is_file()):
        missing = program / "__main__.py" if program.suffix != ".py" else program
        hint = "write it, or let `main` in Pulumi.yaml name the program's folder"
        raise pulumi.RunError(f"there is no program: expected {missing}\nhint: {hint}")


def _read(file: Path) -> dict[str, Any]:
    """As Pulumi reads it: `no` is a text there, and no truth."""
    value = read(file.read_text(encoding="utf-8-sig"), file.name).value
    return value if isinstance(value, dict) else {}


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
