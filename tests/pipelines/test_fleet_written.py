"""`init --shards N`: a stack's file for each, and pipelines in which the first shard goes before the others."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.project.answers import Answers
from lightly_access.project.files import Lock, project_files
from lightly_cli.main import app
from typer.testing import CliRunner

from tests.pipelines.gitlab_runner import GitLabRunner
from tests.pipelines.test_gitlab import results, said
from tests.pipelines.test_gitlab_login import is_as_the_schema_has_it
from tests.pipelines.test_written import test_every_shell_line_is_one_and_takes_values_by_the_environment as shell_lines
from tests.pipelines.test_written import test_linters_find_nothing as lint
from tests.pipelines.test_written import workflows

SHARDS = ["prod-shard-1", "prod-shard-2", "prod-shard-3"]
TOOL = """#!/bin/sh
verb=$1
for word; do stack=$word; done
case "$*" in *" --fail-on "*) verb=due stack=$3 ;; esac
if [ -e "$SCRIPT/$verb $stack" ]; then read -r code < "$SCRIPT/$verb $stack"; exit "$code"; fi
"""
"""Pulumi and lightly-access: they end well, or with the code that a file named after verb and stack has."""


def made(folder: Path, ci: str) -> Path:
    """A project of three shards."""
    done = CliRunner().invoke(app, ["init", str(folder), "--dataset", "cows", "--ci", ci, "--shards", "3"])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def github(tmp_path: Path) -> Path:
    return made(tmp_path / "acme-data", "github")


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
    assert found["pull-request"]["jobs"]["preview"]["strategy"]["matrix"]["stack"] == SHARDS
    assert found["nightly"]["jobs"]["look"]["strategy"]["matrix"]["stack"] == SHARDS
    assert found["rotation"]["jobs"]["due"]["steps"][-1]["env"]["STACKS"].split() == SHARDS


@pytest.mark.parametrize(
    "command",
    [["actionlint"], ["zizmor", "--offline", "--quiet", "--persona", "pedantic", "--no-progress", "."]],
    ids=lambda command: command[0],
)
def test_linters_find_nothing(command: list[str], github: Path) -> None:
    lint(command, github)


@pytest.mark.parametrize(
    ("shards", "ci"),
    [("0", "none"), ("x", "none"), ("1001", "none"), ("257", "github"), ("-1", "none"), ("201", "gitlab")],
)
def test_a_number_of_shards_that_cannot_be_is_said(shards: str, ci: str) -> None:
    (problem,) = Answers("acme", shards=shards, ci=ci).problems()
    assert problem.where == "shards"


@pytest.fixture
def gitlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitLabRunner:
    """Its pipelines, with tools that do what files in `tmp_path` say."""
    project = made(tmp_path / "acme-data", "gitlab")
    for tool in (project / ".venv" / "bin" / "lightly-access", tmp_path / "tools" / "pulumi"):
        tool.parent.mkdir(parents=True)
        tool.write_text(TOOL)
        tool.chmod(0o755)
    monkeypatch.setenv("SCRIPT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "tools"), prepend=":")

    def checkout() -> None:
        shutil.rmtree(tmp_path / "work", ignore_errors=True)
        shutil.copytree(project, tmp_path / "work")

    checkout()
    return GitLabRunner(tmp_path / "work", tmp_path / "artifacts", {**os.environ}, checkout, lambda *_: {})


MERGED = {"CI_COMMIT_BRANCH": "main"}
DEPLOYED = {f"{job} {stack}": "success" for job, stack in zip(("first", "deploy", "deploy"), SHARDS, strict=True)}
PREVIEWED = {f"preview {stack}": "success" for stack in SHARDS}


def test_gitlab_deploys_the_first_shard_and_then_the_others(gitlab: GitLabRunner) -> None:
    is_as_the_schema_has_it("gitlab-ci", gitlab.workspace / ".gitlab-ci.yml")
    jobs = gitlab.run("push", MERGED)
    assert results(jobs) == {**PREVIEWED, **DEPLOYED}, said(jobs)
    assert list(jobs) == [*PREVIEWED, *DEPLOYED]
    deploy: Any = yaml.safe_load((gitlab.workspace / ".gitlab-ci.yml").read_text())["deploy"]
    assert [each["job"] for each in deploy["needs"]] == ["first"]


def test_at_gitlab_a_first_shard_that_fails_stops_no_other(gitlab: GitLabRunner, tmp_path: Path) -> None:
    (tmp_path / "up prod-shard-1").write_text("1\n")
    jobs = gitlab.run("push", MERGED)
    assert results(jobs) == {**PREVIEWED, **DEPLOYED, "first prod-shard-1": "failed"}, said(jobs)


def test_at_gitlab_nothing_is_deployed_after_a_preview_that_fails(gitlab: GitLabRunner, tmp_path: Path) -> None:
    (tmp_path / "preview prod-shard-2").write_text("1\n")
    found = results(gitlab.run("push", MERGED))
    assert found.pop("preview prod-shard-2") == "failed"
    deployed = {name: result for name, result in found.items() if name not in PREVIEWED}
    assert deployed == {"first": "skipped", "deploy prod-shard-2": "failed", "deploy prod-shard-3": "failed"}


@pytest.mark.parametrize("due", [[], [1], [2], [1, 3], [2, 3]])
def test_at_gitlab_only_the_shards_that_are_due_are_deployed(
    due: list[int], gitlab: GitLabRunner, tmp_path: Path
) -> None:
    for number in due:
        (tmp_path / f"due prod-shard-{number}").write_text("1\n")
    jobs = gitlab.run("schedule", MERGED)
    deployed = [name for number, name in enumerate(DEPLOYED, 1) if number in due]
    rotated = {name: each.result for name, each in jobs.items() if name.startswith("rotate")}
    assert rotated == {f"rotate / {name}": "success" for name in deployed or ["nothing is due"]}, said(jobs)


def test_each_shard_has_settings_of_pulumi_deployments() -> None:
    written = project_files(Answers("acme", gitops="deployments,esc", shards="3"), Lock("", ""), "{}")
    found = {name: text for name, text in written.items() if name.endswith(".deploy.yaml")}
    assert list(found) == [f"Pulumi.{stack}.deploy.yaml" for stack in SHARDS]
    for stack, text in zip(SHARDS, found.values(), strict=True):
        checks = yaml.safe_load(text)["settings"]["operationContext"]["preRunCommands"][-1]
        assert checks == f".venv/bin/lightly-access check {stack}"
        assert f"lightly-access/prod --stack {stack}" in text, "the environment of all shards"
        assert ("webhook of prod-shard-1" in text) is (stack != SHARDS[0])
