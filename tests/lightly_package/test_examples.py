"""The examples in other languages, deployed by Pulumi's command line with the host of their language."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lightly_sandbox.deployer.command import without_logins
from lightly_sandbox.deployer.guardrails import executable, guardrails
from lightly_sandbox.pulumi_cli import find
from lightly_sandbox.start import start_sandbox

from tests.deploying import seed
from tests.lightly_package.conftest import FOLDER

EXAMPLES = FOLDER.parents[1] / "examples"
PLUGIN = "pulumi-resource-lightly-access"


@pytest.mark.parametrize(("example", "language"), [("yaml", "yaml"), ("typescript", "nodejs")])
def test_an_example_deploys_and_keeps_every_rule(example: str, language: str, tmp_path: Path) -> None:
    if not shutil.which(f"pulumi-language-{language}"):
        pytest.skip(f"pulumi-language-{language} is not on PATH: it comes with Pulumi's releases")
    work, plugin = tmp_path / "example", executable(tmp_path / "bin" / PLUGIN, str(FOLDER))
    shutil.copytree(EXAMPLES / example, work)
    with start_sandbox() as sandbox:
        seed(sandbox)
        env = {
            **without_logins(os.environ),
            **sandbox.deployment(),
            "PATH": f"{plugin.parent}:{os.environ['PATH']}",
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": tmp_path.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "a phrase",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

        def pulumi(*words: str) -> str:
            command = [str(find().path), "--non-interactive", *words]
            done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        if language != "yaml":
            pulumi("package", "add", str(plugin))
        pulumi("stack", "init", "test")
        pulumi("up", "--yes", "--skip-preview", "--policy-pack", str(guardrails(tmp_path)))
        lights = json.loads(pulumi("stack", "output", "--json"))["lights"]
        assert {light["ok"] for purpose in lights.values() for light in purpose.values()} == {True}
        pulumi("preview", "--expect-no-changes")
