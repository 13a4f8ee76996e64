"""`lightly-access rehearse`: what is refused before anything is started."""

import json
from pathlib import Path

import pytest
from lightly_cli import rehearse
from lightly_cli.main import app
from lightly_sandbox.rehearse import Rehearsal
from typer.testing import CliRunner

STACK = Path(__file__).parents[2] / "stacks" / "Pulumi.rehearsal.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: lightly-access\nruntime: python\n")
    monkeypatch.setattr(rehearse, "shared", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("config:", "config: [", "text that is not YAML"),
        ("bucket: acme-lightly-results", "bucket: Acme_Results", "Pulumi.rehearsal.yaml:12  stores.results.bucket"),
        ("config:", "settings:", "expected at least one dataset"),
    ],
)
def test_a_stack_file_that_cannot_be_rehearsed(project: Path, old: str, new: str, said: str) -> None:
    text = STACK.read_text()
    assert old in text
    (project / "Pulumi.rehearsal.yaml").write_text(text.replace(old, new))
    found = CliRunner().invoke(app, ["rehearse"])
    assert found.exit_code == 1
    assert said in found.output


def test_a_stack_file_that_is_gone(project: Path) -> None:
    found = CliRunner().invoke(app, ["rehearse"])
    assert found.exit_code == 2
    assert "got 'rehearsal', expected a stack" in found.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "up,bash"], "got 'bash', expected one or more of: up, again"),
        (["--only-stores", "s3,gcp"], "got 'gcp', expected one or more of: s3, obs"),
        (["--only-stores", "obs"], "no dataset of the stack has both its stores"),
    ],
)
def test_wrong_usage(options: list[str], said: str) -> None:
    found = CliRunner().invoke(app, ["rehearse", *options])
    assert found.exit_code == 2
    assert said in found.output


def _project(folder: Path, *stacks: str) -> None:
    (folder / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    for stack in stacks:
        (folder / f"Pulumi.{stack}.yaml").write_text("config: {}\n")


@pytest.mark.parametrize(
    ("stacks", "options", "code", "said"),
    [
        (["prod"], [], 1, "Pulumi.prod.yaml"),
        (["dev", "prod"], [], 2, "expected --stack: the stacks here are dev, prod"),
        (["dev", "prod"], ["--stack", "dev"], 1, "Pulumi.dev.yaml"),
        (["prod"], ["--stack", "prd"], 2, "got 'prd', expected a stack"),
        ([], [], 2, "what is played is a stack's manifest"),
    ],
)
def test_in_a_project_its_own_stack_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stacks: list[str], options: list[str], code: int, said: str
) -> None:
    _project(tmp_path, *stacks)
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, ["rehearse", *options])
    assert found.exit_code == code, found.output
    assert said in found.output


@pytest.mark.parametrize(
    ("here", "said", "plays"),
    [
        ("elsewhere", None, ("example", "rehearsal")),
        ("example", None, ("example", "rehearsal")),
        ("example", "starter", ("example", "starter")),
        ("project", None, ("project", "prod")),
        ("project", "rehearsal", ("example", "rehearsal")),
    ],
)
def test_which_stack_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, said: str | None, plays: tuple[str, str]
) -> None:
    for name, stacks in {"example": ("rehearsal", "starter"), "project": ("prod",)}.items():
        (tmp_path / name).mkdir()
        _project(tmp_path / name, *stacks)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(rehearse, "shared", lambda: tmp_path / "example")
    monkeypatch.chdir(tmp_path / here)
    assert rehearse._stack(said) == (tmp_path / plays[0], plays[1])


def test_a_report_on_standard_output_is_alone_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def play(*_: object) -> Rehearsal:
        print("a program's own words")
        return Rehearsal()

    monkeypatch.setattr("lightly_sandbox.rehearse.rehearse", play)
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, ["rehearse", "--json", "-"])
    assert json.loads(found.stdout)
    assert "a program's own words" in found.stderr
