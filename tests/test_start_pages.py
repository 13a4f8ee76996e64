"""The pages for whoever begins: their commands are run as they stand, and what they show is what is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.pages import ROOT, blocks, lines

DEPLOY, GITOPS = ROOT / "docs" / "start" / "deploy.md", ROOT / "docs" / "guides" / "pipelines.md"
OFFLINE = (
    "cd ",
    *(f"lightly-access {verb}" for verb in ("init ", "check", "analyze", "deployer-policy")),
)
"""What needs neither a package index nor a cloud nor Lightly."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that whoever follows the pages has in the end."""
    folder = tmp_path_factory.mktemp("start")
    shell = [block for page in (DEPLOY, GITOPS) for block in blocks(page, "sh")]
    script = [line for block in shell for line in lines(block) if line.startswith(OFFLINE)]
    verbs = [line.split()[1] for line in script]
    assert verbs == [
        "init",
        "acme-lightly",
        *("check", "analyze"),
        "init",
        *2 * ["deployer-policy"],
        "check",
        "analyze",
    ]
    script[-2:-2] = [f"cat > manifest/datasets/tractors.yaml <<'END'\n{blocks(GITOPS, 'yaml')[0]}END"]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    bash = ["bash", "-euxc", "\n".join(script)]
    ran = subprocess.run(bash, cwd=folder, env=environ, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (folder / "printed.txt").write_text(ran.stdout)
    return folder / "acme-lightly"


def test_what_the_pages_say_is_offline_runs_as_it_stands(project: Path) -> None:
    printed = (project.parent / "printed.txt").read_text()
    assert "Pulumi.prod.yaml: ok, 2 stores, 2 datasets" in printed
    assert "s3://acme-lightly-images/tractors/" in printed
    assert printed.count("2 of 2 datasources as expected, nothing wider or narrower") == 2, "of each dataset alone"
    assert "repo:acme/lightly:environment:prod" in (project / "trust.json").read_text()
    assert "repo:acme/lightly:environment:prod-read" in (project / "trust-read.json").read_text()
    assert list((project / ".github" / "workflows").iterdir())


def test_the_project_is_as_the_page_shows_it(project: Path) -> None:
    stores, dataset = (yaml.safe_load(block) for block in blocks(DEPLOY, "yaml"))
    assert yaml.safe_load((project / "manifest" / "stores.yaml").read_text()) == stores
    assert yaml.safe_load((project / "manifest" / "datasets" / "farm-animals.yaml").read_text()) == dataset
    (owners,) = blocks(GITOPS, "text")
    assert (project / "CODEOWNERS").read_text().splitlines()[-1] == owners.splitlines()[0]
