"""Pulumi's own engine over the mock provider: a second run, a refresh and a run after a refresh find nothing to do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lightly_sandbox.kinds.gcs.mock_provider import Serving
from lightly_sandbox.kinds.gcs.mock_provider.table import TYPES
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.gcs.mock_provider.conftest import Google

PROGRAM = Path(__file__).parent / "program" / "__main__.py"
RUNTIME = {"name": "python", "options": {"virtualenv": sys.prefix}}

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="Pulumi's CLI is not on PATH"),
]


class Project:
    """The program in a project of its own, with its state in a folder."""

    def __init__(self, folder: Path, port: int, other: Mapping[str, str]) -> None:
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
            "PULUMI_DEBUG_PROVIDERS": f"gcp:{port}",
            "OTHER_TOKEN": other["token"],
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


def test_the_engine_finds_nothing_to_do_the_second_time(
    tmp_path: Path, serving: Serving, server: ServerProcess, google: Google
) -> None:
    project = Project(tmp_path, serving.port, server.announcement["stranger"])
    project.run("preview")
    project.change("up")
    state = project.state()
    assert {it["type"] for it in state if it["custom"]} == {*TYPES, "pulumi:providers:gcp"}
    written = json.dumps(state)
    assert server.announcement["stranger"]["token"] not in written
    assert "PRIVATE KEY" not in written

    project.change("up", "--expect-no-changes")
    project.change("refresh", "--expect-no-changes")
    project.change("up", "--refresh", "--expect-no-changes")
    outputs = json.loads(project.run("stack", "output", "--json"))
    assert (outputs["there"], outputs["key"]) == ("globex-ai", "[secret]")

    changed = project.change("up", PROGRAM_STAGE="two")
    assert "2 updated" in changed
    assert "+-1 replaced" in changed
    project.change("up", "--expect-no-changes", PROGRAM_STAGE="two")
    keys = google("GET", "/v1/projects/acme-ml/serviceAccounts/lightly-input@acme-ml.iam.gserviceaccount.com/keys")
    assert len(keys["keys"]) == 1
    project.change("destroy")
    assert project.state() == []
    project.change("up")  # the role that was deleted is brought back under its id
    project.change("destroy")
