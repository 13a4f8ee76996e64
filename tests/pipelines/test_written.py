"""What stands in the pipelines that `init --ci` writes, for every kind of store."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_access.kinds import registry
from lightly_access.project.files import PULUMI
from lightly_cli.main import app
from lightly_sandbox.pulumi_cli import pin
from typer.testing import CliRunner

from tests.pipelines import fake_gh
from tests.pipelines.expression import UnknownExpressionError, evaluate
from tests.pipelines.workflow_runner import SHELL

KINDS = [name for name, kind in registry.kinds().items() if kind.starter()]
PLACE = Path(".github") / "workflows"


@pytest.fixture(scope="module", params=KINDS)
def github(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose first dataset is of this kind."""
    folder = tmp_path_factory.mktemp("project") / "acme-data"
    done = CliRunner().invoke(app, ["init", str(folder), "--input", request.param, "--ci", "github"])
    assert done.exit_code == 0, done.output
    return folder


def workflows(folder: Path) -> dict[str, Any]:
    return {path.stem: yaml.safe_load(path.read_text()) for path in sorted((folder / PLACE).iterdir())}


def jobs(folder: Path) -> Iterator[tuple[str, Any]]:
    for name, workflow in workflows(folder).items():
        for key, job in workflow["jobs"].items():
            yield f"{name} {key}", job


def test_each_job_has_the_rights_that_it_needs_and_no_other(github: Path) -> None:
    assert all(workflow["permissions"] == {} for workflow in workflows(github).values())
    login = {"contents": "read", "id-token": "write"}
    assert {name: job["permissions"] for name, job in jobs(github)} == {
        "pull-request check": {"contents": "read"},
        "pull-request comment": {"pull-requests": "write"},
        "pull-request preview": login,
        "deploy deploy": login,
        "nightly look": {**login, "issues": "write"},
        "rotation due": login,
        "rotation deploy": login,
    }


def test_what_a_fork_can_start_has_no_secret_and_no_login(github: Path) -> None:
    triggers = {name: set(workflow[True]) for name, workflow in workflows(github).items()}
    assert triggers["pull-request"] == {"pull_request"}
    assert not any("pull_request" in word for name in ("deploy", "nightly", "rotation") for word in triggers[name])
    for name, job in jobs(github):
        open_to_forks = name.startswith("pull-request") and "if" not in job
        assert ("environment" in job) is ("id-token" in job["permissions"] and "uses" not in job), name
        if open_to_forks:
            assert name == "pull-request check"
            assert not re.search(r"\$\{\{\s*(secrets|vars)\.", json.dumps(job))


def test_one_deployment_at_a_time_and_none_is_ended_in_the_middle(github: Path) -> None:
    deploy = workflows(github)["deploy"]["jobs"]["deploy"]
    assert deploy["concurrency"] == {"group": "deploy-${{ matrix.stack }}", "cancel-in-progress": False}
    assert deploy["environment"] == "prod"


def test_actions_stand_with_a_commit_and_its_version(github: Path) -> None:
    text = "".join(path.read_text() for path in (github / PLACE).iterdir())
    used = re.findall(r"uses: (.*)", text)
    assert used
    for line in used:
        assert line.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_every_shell_line_is_one_and_takes_values_by_the_environment(github: Path) -> None:
    for name, job in jobs(github):
        for step in job.get("steps", []):
            if "run" in step:
                read = subprocess.run([*SHELL, "-n"], input=step["run"], capture_output=True, text=True)
                assert (read.returncode, read.stderr) == (0, ""), name
                assert "${{" not in step["run"], name


@pytest.mark.parametrize(
    "command",
    [
        ["actionlint"],
        ["zizmor", "--offline", "--quiet", "--persona", "pedantic", "--no-progress", "."],
        ["check-jsonschema", "--builtin-schema", "github-workflows", ".github/workflows/deploy.yml"],
        ["check-jsonschema", "--builtin-schema", "dependabot", ".github/dependabot.yml"],
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_linters_find_nothing(command: list[str], github: Path) -> None:
    found = shutil.which(command[0], path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not found:
        pytest.skip(f"{command[0]} is not here")
    subprocess.run(["git", "init", "--quiet", "."], cwd=github, check=True)
    done = subprocess.run([found, *command[1:]], cwd=github, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def at_github(tmp_path: Path) -> Path:
    file = tmp_path / "github.json"
    tokens = {"reads": {"issues": "read"}, "writes": {"issues": "write", "pull-requests": "write"}}
    others = [{"id": number, "user": {"login": "somebody"}, "body": "hello"} for number in range(70)]
    file.write_text(json.dumps({"repository": "a/b", "tokens": tokens, "comments": {"7": others}, "issues": []}))
    (tmp_path / "gh").write_text(f'#!/bin/sh\nexec {sys.executable} {fake_gh.__file__} "$@"\n')
    (tmp_path / "gh").chmod(0o755)
    return file


def told(at_github: Path, line: str, as_: str = "writes", **env: str) -> "subprocess.CompletedProcess[str]":
    temp = at_github.parent / "temp"
    temp.mkdir(exist_ok=True)
    known = {"GH_TOKEN": as_, "GH_REPO": "a/b", "FAKE_GITHUB": str(at_github), "RUNNER_TEMP": str(temp)}
    path = {"PATH": f"{at_github.parent}:{os.environ['PATH']}"}
    return subprocess.run([*SHELL, "-c", line], env={**known, **path, **env}, capture_output=True, text=True)


def line(folder: Path, workflow: str, job: str) -> str:
    """The last one of a job, which tells somebody."""
    return str(workflows(folder)[workflow]["jobs"][job]["steps"][-1]["run"])


@pytest.mark.parametrize("token", ["", "another", "reads"])
def test_a_token_that_may_not_write_opens_no_issue(token: str, github: Path, at_github: Path) -> None:
    done = told(at_github, line(github, "nightly", "look"), token, RESULT="failure", RUN="r", TITLE="t")
    assert done.returncode != 0
    assert json.loads(at_github.read_text())["issues"] == []


def test_a_night_without_findings_is_quiet(github: Path, at_github: Path) -> None:
    done = told(at_github, line(github, "nightly", "look"), RESULT="success", RUN="r", TITLE="t")
    assert done.returncode == 0, done.stderr
    assert json.loads(at_github.read_text())["issues"] == []


def test_the_next_night_tells_the_same_issue_and_a_good_one_closes_it(github: Path, at_github: Path) -> None:
    for result, run in (("failure", "first"), ("failure", "second"), ("success", "third"), ("success", "fourth")):
        assert told(at_github, line(github, "nightly", "look"), RESULT=result, RUN=run, TITLE="t").returncode == 0
    (issue,) = json.loads(at_github.read_text())["issues"]
    assert "Found by second" in issue["body"]
    assert (issue["state"], issue["comments"]) == ("CLOSED", ["All is well again: third"])


def test_somebody_elses_issue_of_that_title_is_left_alone(github: Path, at_github: Path) -> None:
    state = json.loads(at_github.read_text())
    theirs = {"number": 1, "title": "t", "body": "x", "state": "OPEN", "author": {"is_bot": False}, "comments": []}
    at_github.write_text(json.dumps({**state, "issues": [theirs]}))
    assert told(at_github, line(github, "nightly", "look"), RESULT="failure", RUN="r", TITLE="t").returncode == 0
    first, second = json.loads(at_github.read_text())["issues"]
    assert (first["body"], second["title"]) == ("x", "t")


def test_the_comment_is_found_among_many_and_a_long_analysis_fits(github: Path, at_github: Path) -> None:
    run = line(github, "pull-request", "comment")
    where = {"COMMENTS": "repos/a/b/issues/7/comments", "COMMENT": "repos/a/b/issues/comments"}
    for text in ("x" * 60000, "", "`$(touch here)` \\n"):
        done = told(at_github, run, ANALYSIS=text, **where)
        assert done.returncode == 0, done.stderr
    ours = json.loads(at_github.read_text())["comments"]["7"][70:]
    assert [each["body"] for each in ours] == ["<!-- lightly-access: analysis -->\n`$(touch here)` \\n\n"]


@pytest.mark.parametrize("text", ["a.b", "github.x ~ 1", "github.", "contains(github.x)", "(github.x"])
def test_an_expression_that_this_reader_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnknownExpressionError):
        evaluate(text, {"github": {}}, {})


def test_pipelines_and_devcontainer_have_the_pulumi_of_the_rehearsal(github: Path) -> None:
    assert str(pin.pulumi()) == PULUMI
    container = json.loads((github / ".devcontainer" / "devcontainer.json").read_text())
    assert container["image"] == f"pulumi/pulumi-python:{PULUMI}"
    assert f"pulumi-version: {PULUMI}\n" in (github / PLACE / "deploy.yml").read_text()
