"""A project of Pulumi's, and Pulumi on PATH."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lightly_sandbox.pulumi_cli.finder import find


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The current folder is a project that has no stack yet; call it to tell Pulumi something."""
    pulumi = find().path
    (tmp_path / "Pulumi.yaml").write_text("name: farm\nruntime: yaml\n")
    for name, value in {
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "passphrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(pulumi.parent), prepend=":")
    monkeypatch.chdir(tmp_path)

    def told(*args: str) -> None:
        subprocess.run([pulumi, "--non-interactive", *args], check=True, capture_output=True)

    return told
