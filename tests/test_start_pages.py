"""The pages for whoever begins: their commands are run as they stand, and what they show is what is there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.process import spawn
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.services import PROVIDER
from lightly_sandbox.start import start_sandbox

from tests.pages import ROOT, blocks, lines
from tests.pipelines.farm import Farm

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
    assert {line.split()[1] for line in script} >= {"init", "acme-lightly", "check", "analyze", "deployer-policy"}
    written = f"cat > manifest/datasets/tractors.yaml <<'END'\n{blocks(GITOPS, 'yaml')[0]}END"
    script.insert(script.index("lightly-access analyze tractors") - 1, written)
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
    assert "repo:acme/lightly:environment:prod" in (project / "deployer" / "trust.json").read_text()
    assert "repo:acme/lightly:environment:prod-read" in (project / "deployer" / "reader-trust.json").read_text()
    assert list((project / ".github" / "workflows").iterdir())


def test_the_project_is_as_the_page_shows_it(project: Path) -> None:
    stores, dataset = (yaml.safe_load(block) for block in blocks(DEPLOY, "yaml"))
    assert yaml.safe_load((project / "manifest" / "stores.yaml").read_text()) == stores
    assert yaml.safe_load((project / "manifest" / "datasets" / "farm-animals.yaml").read_text()) == dataset
    (owners,) = blocks(GITOPS, "text")
    assert (project / "CODEOWNERS").read_text().splitlines()[-1] == owners.splitlines()[0]


@pytest.mark.engine
def test_the_deployment_runs_as_it_stands(tmp_path: Path) -> None:
    """With a passphrase where a key of KMS is, since Pulumi itself would ask AWS for it. What `pulumi install` makes,
    and Pulumi's language host, are not there: `doctor` says so, and of nothing else that it is bad.
    """
    kms, ours = "awskms://alias/acme-pulumi", ("pip install", "pulumi install", "pulumi login")
    script = [line for block in blocks(DEPLOY, "sh") for line in lines(block) if not line.startswith(ours)]
    assert any(kms in line for line in script)
    with start_sandbox() as sandbox:
        provider = spawn(PROVIDER).configure({"environment": sandbox.environment()}).wait()
        try:
            told = [line.replace(kms, "passphrase") + " || test $? = 1" * ("doctor" in line) for line in script]
            done = _run(Farm(sandbox, tmp_path, provider), told)
        finally:
            provider.stop()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search("not well: (pulumi, )?provider, 1 warning", done.stdout), done.stdout
    assert re.search("farm-animals: +.ok, verified 20", done.stdout), done.stdout
    assert "no credential has an end" in done.stdout
    assert "<html" in (tmp_path / "acme-lightly" / "report.html").read_text()


def _run(farm: Farm, script: list[str]) -> subprocess.CompletedProcess[str]:
    """In a folder with nothing in it; `pulumi` runs the program and the policy pack as its language host would."""
    customer = account(farm.sandbox, "customer")
    customer.s3.create_bucket(
        Bucket="acme-lightly-images", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    customer.s3.put_object(Bucket="acme-lightly-images", Key="farm-animals/cow.png", Body=b"x")
    pulumi = farm.folder / "tools" / "pulumi"
    pulumi.parent.mkdir()
    host = [sys.executable, str(ROOT / "tests" / "pipelines" / "language_host.py"), str(find().path)]
    pulumi.write_text(f'#!/bin/sh\nexec {shlex.join(host)} "$@"\n')
    pulumi.chmod(0o755)
    (farm.folder / "backend").mkdir()
    environ = {
        **farm.owner(),
        **farm.logged_in(),
        "PATH": f"{pulumi.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PULUMI_SKIP_CONFIRMATIONS": "true",
        "RUNNER_TEMP": str(farm.folder),
    }
    token = farm.sandbox.token.reveal()
    return subprocess.run(
        ["bash", "-euxc", "\n".join(script)], cwd=farm.folder, env=environ, input=token, capture_output=True, text=True
    )
