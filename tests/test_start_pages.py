"""The pages for whoever begins: their commands are run as they stand, and what they show is what is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.pages import ROOT, blocks, lines

START = ROOT / "docs" / "start"
OFFLINE = (
    *("cd ", "git "),
    *(f"lightly-access {verb}" for verb in ("init ", "check", "analyze", "deployer-policy")),
)
"""What needs neither a package index nor a cloud nor Lightly."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that whoever follows the pages has in the end."""
    folder = tmp_path_factory.mktemp("start")
    done = [
        line for page in ("deploy", "gitops") for block in blocks(START / f"{page}.md", "sh") for line in lines(block)
    ]
    script = [line for line in done if line.startswith(OFFLINE)]
    assert {line.split()[1] for line in script} >= {"init", "check", "analyze", "deployer-policy", "add"}
    first = script.index("git add manifest/datasets/tractors.yaml")
    tractors = blocks(START / "gitops.md", "yaml")[-1]
    script[first - 2 : first - 2] = [f"cat > manifest/datasets/tractors.yaml <<'END'\n{tractors}END"]
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
    assert "all refused" in (project / "analysis.md").read_text()
    assert '"iam:CreateRole"' in (project / "deployer.json").read_text()
    assert "repo:acme/acme-lightly:environment:production" in (project / "trust.json").read_text()


def test_the_project_is_as_the_page_shows_it(project: Path) -> None:
    stores, dataset = (yaml.safe_load(block) for block in blocks(START / "deploy.md", "yaml"))
    assert yaml.safe_load((project / "manifest" / "stores.yaml").read_text()) == stores
    assert yaml.safe_load((project / "manifest" / "datasets" / "farm-animals.yaml").read_text()) == dataset
    assert (project / "CODEOWNERS").read_text().splitlines()[-1] == blocks(START / "gitops.md", "text")[0].splitlines()[
        0
    ]
