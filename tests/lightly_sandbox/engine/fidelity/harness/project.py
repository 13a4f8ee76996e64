"""The Pulumi project that a scenario runs as: a folder made for one run, the same for both engines."""

import sys
from pathlib import Path

import yaml

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Scenario

PROJECT = "fidelity"
STACK = "test"
PASSPHRASE = "x"
SALT = "v1:wNfOA8UKBu0=:v1:FFPbZeKjmbhaYNp+:D5xsy3lYN9hMMBohKsxFuPpN1GliLA=="  # belongs to PASSPHRASE
_ROOT = Path(__file__).resolve().parents[5]

_MAIN = """import sys
sys.path.insert(0, {root!r})
import pulumi
from {module} import program
program(pulumi.Config().get("phase") or "")
"""


def write_project(folder: Path, scenario: Scenario) -> None:
    """Write Pulumi.yaml and the program."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"toolchain": "pip", "virtualenv": sys.prefix}
    project = {"name": PROJECT, "runtime": {"name": "python", "options": options}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (folder / "__main__.py").write_text(_MAIN.format(root=str(_ROOT), module=scenario.program.__module__))


def name_plugin(folder: Path) -> None:
    """Name the rig as a plugin of the project, by the path of its folder."""
    rig = Path(__file__).resolve().parent.parent / "rig"
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    project["plugins"] = {"providers": [{"name": "rig", "path": str(rig)}]}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))


def write_config(folder: Path, scenario: Scenario, phase: str) -> None:
    """Write the stack's settings: the phase that the program is in, the scenario's own, and the salt of its secrets."""
    settings = {
        "encryptionsalt": SALT,
        "config": {f"{PROJECT}:phase": phase, **scenario.config},
    }
    (folder / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(settings))
