"""The form for Backstage: its own validators take it, and what it writes passes the check of the project.

LIGHTLY_BACKSTAGE names a folder with `node_modules`: @backstage/catalog-model, @backstage/plugin-scaffolder-common,
ajv, nunjucks and yaml. Without it the tests that need them are passed over.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_cli.main import app
from typer.testing import CliRunner

from tests.gitops.test_gitops import misspelt

GIVEN = os.environ.get("LIGHTLY_BACKSTAGE", "")
there = pytest.mark.skipif(
    not GIVEN or not shutil.which("node"),
    reason="LIGHTLY_BACKSTAGE names no folder with Backstage's packages, or no node",
)
SCRIPT = Path(__file__).parent / "backstage.mjs"
FILES = ("backstage/template.yaml", "catalog-info.yaml")


def node(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", SCRIPT, GIVEN, *words], capture_output=True, text=True, check=False)


@pytest.fixture(params=["github", "gitlab"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    words = ("--ci", request.param, "--input", "s3", "--lightly", "gcs", "--gitops", "backstage")
    done = CliRunner().invoke(app, ["init", str(tmp_path / "acme"), *words])
    assert done.exit_code == 0, done.output
    return tmp_path / "acme"


@there
def test_backstage_s_own_validators_take_both_entities_and_the_form_refuses_bad_names(project: Path) -> None:
    done = node("check", *(project / file for file in FILES))
    assert (done.returncode, done.stderr) == (0, "")


@there
def test_a_misspelt_field_is_refused(project: Path) -> None:
    assert node("check", project / FILES[0]).returncode == 0
    found = yaml.safe_load((project / FILES[0]).read_text())
    spec = found["spec"]
    of_steps = [{**spec, "steps": each} for each in misspelt([{**step, "input": {}} for step in spec["steps"]])]
    wrong = [{**found, "spec": each} for each in of_steps if "inputx" not in json.dumps(each)]
    wrong += [{**found, "spec": {**spec, "stepsx": []}}, {**found, "specx": {}}, {**found, "metadata": {"name": "A b"}}]
    assert len(wrong) > 8
    for number, each in enumerate(wrong):
        (project / f"{number}.yaml").write_text(yaml.safe_dump(each))
        assert node("check", project / f"{number}.yaml").returncode == 1, each


def _filled_in(template: dict[str, Any]) -> dict[str, str]:
    """The form as somebody fills it in: defaults, and an example where there is none."""
    asked = {name: each for page in template["spec"]["parameters"] for name, each in page["properties"].items()}
    example = {"dataset": "farm-animals", "input_path": "farm/animals/", "lightly_path": "lightly/farm-animals/"}
    return {name: example.get(name) or str(each["default"]) for name, each in asked.items()}


@there
def test_what_the_form_writes_passes_the_check(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = yaml.safe_load((project / FILES[0]).read_text())
    (entry, _) = template["spec"]["steps"]
    values = _filled_in(template)
    assert entry["input"]["values"] == {name: f"${{{{ parameters.{name} }}}}" for name in values}
    (skeleton,) = (project / "backstage" / entry["input"]["url"]).iterdir()
    assert skeleton.name == "${{ values.dataset }}.yaml"
    done = node("render", skeleton, json.dumps(values))
    assert done.returncode == 0, done.stderr
    (project / entry["input"]["targetPath"] / f"{values['dataset']}.yaml").write_text(done.stdout)
    monkeypatch.chdir(project)
    checked = CliRunner().invoke(app, ["check"])
    assert (checked.exit_code, "2 datasets" in checked.output) == (0, True), checked.output
    written = yaml.safe_load(done.stdout)["datasets"]["farm-animals"]
    assert written["input"] == {"store": "images", "path": "farm/animals/", "access": "delegated"}
    assert written["lightly"]["access"] == "service_account"


def test_a_store_with_somebody_s_key_has_no_form(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["init", str(tmp_path / "acme"), "--input", "obs", "--gitops", "backstage"])
    assert (done.exit_code, "expected a store whose access we make" in done.stderr) == (2, True), done.output


def test_the_skeleton_is_no_dataset_of_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    checked = CliRunner().invoke(app, ["check"])
    assert (checked.exit_code, "1 dataset" in checked.output) == (0, True), checked.output
