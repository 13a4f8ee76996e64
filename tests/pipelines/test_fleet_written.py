"""`init --shards N`: a stack's file for each, and pipelines in which the first shard goes before the others."""

from pathlib import Path

import pytest
from lightly_access.project.answers import Answers
from lightly_cli.main import app
from typer.testing import CliRunner

from tests.pipelines.test_written import test_every_shell_line_is_one_and_takes_values_by_the_environment as shell_lines
from tests.pipelines.test_written import test_linters_find_nothing as lint
from tests.pipelines.test_written import workflows


@pytest.fixture
def github(tmp_path: Path) -> Path:
    """A project of three shards."""
    folder = tmp_path / "acme-data"
    done = CliRunner().invoke(app, ["init", str(folder), "--dataset", "cows", "--ci", "github", "--shards", "3"])
    assert done.exit_code == 0, done.output
    return folder


def test_each_shard_has_a_stack_and_they_are_right_at_once(github: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks = {path.name: path.read_text() for path in github.glob("Pulumi.*.yaml")}
    assert sorted(stacks) == [f"Pulumi.prod-shard-{number}.yaml" for number in (1, 2, 3)]
    assert all(f"shard: {number}/3\n" in stacks[f"Pulumi.prod-shard-{number}.yaml"] for number in (1, 2, 3))
    monkeypatch.chdir(github)
    checked = CliRunner().invoke(app, ["check"])
    assert checked.exit_code == 0, checked.output
    assert CliRunner().invoke(app, ["init", ".", "--upgrade"]).exit_code == 0


def test_the_pipelines_are_whole_and_the_first_shard_goes_first(github: Path) -> None:
    shell_lines(github)
    found = workflows(github)
    first, deploy = found["deploy"]["jobs"]["first"], found["deploy"]["jobs"]["deploy"]
    assert list(found["deploy"]["jobs"]) == ["first", "deploy"]
    assert first["strategy"]["matrix"] == {"stack": ["prod-shard-1"]}
    assert deploy["needs"] == "first"
    assert '["prod-shard-2", "prod-shard-3"]' in deploy["strategy"]["matrix"]["stack"]
    assert first["steps"] == deploy["steps"]
    every = ["prod-shard-1", "prod-shard-2", "prod-shard-3"]
    assert found["pull-request"]["jobs"]["preview"]["strategy"]["matrix"]["stack"] == every
    assert found["nightly"]["jobs"]["look"]["strategy"]["matrix"]["stack"] == every
    assert found["rotation"]["jobs"]["due"]["steps"][-1]["env"]["STACKS"].split() == every


@pytest.mark.parametrize(
    "command",
    [["actionlint"], ["zizmor", "--offline", "--quiet", "--persona", "pedantic", "--no-progress", "."]],
    ids=lambda command: command[0],
)
def test_linters_find_nothing(command: list[str], github: Path) -> None:
    lint(command, github)


@pytest.mark.parametrize(
    ("shards", "ci"),
    [("0", "none"), ("x", "none"), ("1001", "none"), ("257", "github"), ("-1", "none"), ("2", "gitlab")],
)
def test_a_number_of_shards_that_cannot_be_is_said(shards: str, ci: str) -> None:
    (problem,) = Answers("acme", shards=shards, ci=ci).problems()
    assert problem.where == "shards"
