"""A project of one kind of store works with the extra of that kind alone: what other extras bring is not there."""

import subprocess
import sys
from pathlib import Path

import pytest
from lightly_access.kinds import registry

from tests.test_dependencies import _distributions, _extra

_EXTRAS = ("aws", "azure", "gcp", "serve")
_SHARED = {"azure-core": "azure.core", "azure-identity": "azure.identity", "azure-storage-blob": "azure.storage.blob"}
_RUN = """
import importlib, pkgutil, sys
from pathlib import Path

kind, folder, *blocked = sys.argv[1:]
sys.modules.update(dict.fromkeys(blocked))  # an import of it fails

from typer.testing import CliRunner
from lightly_cli.main import app

def run(*words):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, (words, done.output, done.exception)

run("init", folder, "--name", "acme", "--input", kind, "--dataset", "cows")
run("check", folder)
run("analyze", "--markdown", "--stack", f"{folder}/Pulumi.prod.yaml", "--against", folder)
package = importlib.import_module(f"lightly_access.kinds.{kind}")
for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    importlib.import_module(found.name)
importlib.import_module("lightly_access.program")
"""


def _modules(extra: str) -> set[str]:
    """What the distributions of an extra are imported as."""
    asked = _extra(extra)
    tops = {top for top, names in _distributions().items() if asked & {name.lower() for name in names}}
    return {_SHARED[name] for name in asked if name in _SHARED} | (tops - {"azure", "google"})


@pytest.mark.parametrize("kind", [name for name, row in registry.kinds().items() if row.starter()])
def test_a_kind_needs_no_other_extra_than_its_own(kind: str, tmp_path: Path) -> None:
    own = registry.kinds()[kind].extra
    needed = _modules(own) if own else set()
    blocked = {module for extra in _EXTRAS if extra != own for module in _modules(extra)} - needed
    assert "celpy" in blocked or own == "gcp"
    done = subprocess.run(
        [sys.executable, "-c", _RUN, kind, str(tmp_path / "acme"), *sorted(blocked)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
