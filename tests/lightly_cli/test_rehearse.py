"""`lightly-access rehearse`: what is refused before anything is started."""

from pathlib import Path

import pytest
from lightly_cli import rehearse
from lightly_cli.main import app
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
