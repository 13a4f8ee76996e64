"""Pulumi's own engine over the mock provider: a second run, a refresh and a run after a refresh find nothing to do."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.kinds.azure.mock_provider import Serving
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES

from tests.lightly_sandbox.kinds.azure.emulator.azure import Azure

PROGRAM = Path(__file__).parent / "program" / "__main__.py"
RUNTIME = {"name": "python", "options": {"virtualenv": sys.prefix}}

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="Pulumi's CLI is not on PATH"),
]


class Project:
    """The program in a project of its own, with its state in a folder."""

    def __init__(self, folder: Path, port: int, account: str) -> None:
        self.folder = folder
        shutil.copy(PROGRAM, folder)
        (folder / "Pulumi.yaml").write_text(json.dumps({"name": "mock provider", "runtime": RUNTIME}))
        (folder / "state").mkdir()
        self.environment = {
            **os.environ,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "not-a-secret",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": f"azure-native:{port}",
            "ACCOUNT_NAME": account,
        }
        self.run("stack", "init", "test")

    def run(self, *arguments: str, **environment: str) -> str:
        """Run the CLI; its output. Fails with what it said."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def change(self, verb: str, *arguments: str, **environment: str) -> str:
        return self.run(verb, "--yes", "--skip-preview", *arguments, **environment)

    def state(self) -> list[dict[str, Any]]:
        resources: list[dict[str, Any]] = json.loads(self.run("stack", "export"))["deployment"].get("resources", [])
        return resources


def test_the_engine_finds_nothing_to_do_the_second_time(tmp_path: Path, serving: Serving, azure: Azure) -> None:
    name = f"acme{secrets.token_hex(6)}"
    project = Project(tmp_path, serving.port, name)
    project.run("preview")
    project.change("up")
    state = project.state()
    assert {it["type"] for it in state if it["custom"]} == {*TYPES, "pulumi:providers:azure-native"}
    group = next(it["outputs"]["name"] for it in state if it["type"].endswith(":ResourceGroup"))
    where = f"resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    key = azure.made("POST", f"{where}/listKeys")["keys"][0]["value"]
    assert key not in json.dumps(state)

    project.change("up", "--expect-no-changes")
    project.change("refresh", "--expect-no-changes")
    project.change("up", "--refresh", "--expect-no-changes")
    outputs = json.loads(project.run("stack", "output", "--json"))
    assert outputs == {
        "key": "[secret]",
        "endpoint": f"{azure.endpoint}/{name}/",
        "hierarchical": False,
        "url": f"{azure.endpoint}/{name}/lake/herd/",
    }

    changed = project.change("up", PROGRAM_STAGE="two")
    assert "1 updated" in changed
    assert "+-4 replaced" in changed  # with the account goes what is in it
    project.change("up", "--expect-no-changes", PROGRAM_STAGE="two")
    project.change("destroy")
    assert project.state() == []
    assert azure.arm("GET", where)[0] == 404
