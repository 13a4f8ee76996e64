"""The pipeline that `init --ci gitlab` writes, run line by line."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_cli.main import app
from lightly_policies.pipeline_gitlab import GitLabPipeline
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.start import start_sandbox
from typer.testing import CliRunner

from tests.pipelines.fake_gitlab import OURS, PROJECT, FakeGitLab, fake_gitlab
from tests.pipelines.farm import STACK, Farm, built
from tests.pipelines.gitlab_runner import Done, GitLabRunner
from tests.pipelines.test_github import BEES, WIDE, keys

PATH = "acme/lightly"


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with fake_gitlab() as fake:
        yield fake


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    folder = tmp_path_factory.mktemp("farm")
    with start_sandbox() as sandbox:
        made = Farm.made(sandbox, folder, built(folder), "gitlab")
        try:
            yield made
        finally:
            made.provider.stop()


@pytest.mark.engine
def test_a_change_from_its_merge_request_to_its_rotation(farm: Farm, gitlab: FakeGitLab) -> None:
    """One scenario, since each part needs what the one before has made."""
    main, change = farm.git("rev-parse", "main").strip(), farm.proposed("manifest/datasets/bees.yaml", BEES)
    runner = gitlab_runner(farm, gitlab, change)
    merge = {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": main}

    # A fork's merge request is checked and analysed, and no more.
    jobs = runner.run("merge_request_event", {**merge, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "66"})
    assert results(jobs) == {"check": "success"}, said(jobs)
    assert "**2 datasources new**" in jobs["check"].output
    assert gitlab.notes == []

    # Ours has a note.
    jobs = runner.run("merge_request_event", {**merge, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(PROJECT)})
    assert results(jobs) == {"check": "success", "comment": "success"}, said(jobs)
    (note,) = gitlab.notes
    assert "#### New: `bees` LIGHTLY of `prod`" in note["body"]

    # A merge previews and deploys. It was forty days ago.
    branch = {"CI_COMMIT_BRANCH": "main"}
    runner = gitlab_runner(farm, gitlab, main)
    today = runner.env
    runner.env = {**today, "PROGRAM_DAYS_AGO": "40"}
    jobs = runner.run("push", branch)
    runner.env = today
    assert results(jobs) == {"preview prod": "success", "deploy prod": "success"}, said(jobs)
    (first,) = keys(farm)

    # Somebody changes what we made. An issue says so, and since a credential is due, a deployment mends it.
    iam = account(farm.sandbox, "customer").iam
    (role,) = iam.list_roles(PathPrefix="/lightly/")["Roles"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="lightly-input", PolicyDocument=WIDE)
    jobs = runner.run("schedule", branch)
    expected = {"due": "success", "look prod": "failed", "rotate / deploy prod": "success", "issue": "success"}
    assert results(jobs) == expected, said(jobs)
    (issue,) = gitlab.issues
    for found in ("changes were proposed", "[policy-changed]", "was due for replacement"):
        assert found in issue["description"]
    (second,) = keys(farm)
    assert second != first
    mended = iam.get_role_policy(RoleName=role["RoleName"], PolicyName="lightly-input")["PolicyDocument"]
    assert mended != json.loads(WIDE)
    assert gitlab.token not in said(jobs)


def gitlab_runner(farm: Farm, gitlab: FakeGitLab, commit: str) -> GitLabRunner:
    farm.clone(commit, 9)
    backend = (farm.folder / "backend").as_uri()
    env = {**farm.machine(), "CI_API_V4_URL": f"{gitlab.url}/api/v4", "CI_PIPELINE_URL": "https://gitlab.com/x"}
    env["PATH"] = f"{farm.folder / 'pulumi'}:{env['PATH']}"
    roles = {STACK: farm.role("deploys"), f"{STACK}-read": farm.role("reads")}

    def login(audiences: Mapping[str, str], job: Mapping[str, str]) -> Mapping[str, str]:
        """A job of another branch gets nothing. AWS does not see the environment."""
        if "AWS_ID_TOKEN" not in audiences:
            return {}
        trusted = dict.fromkeys(roles.values(), GitLabPipeline(PATH, branch="main"))
        subject = f"project_path:{PATH}:ref_type:branch:ref:{job['CI_COMMIT_BRANCH']}"
        assert farm.lets_in(job["AWS_ROLE_ARN"], trusted, subject, audiences["AWS_ID_TOKEN"])
        return farm.logged_in()

    return GitLabRunner(
        farm.work,
        farm.folder / "artifacts",
        env,
        lambda: farm.clone(commit, 9),
        login,
        {"LIGHTLY_COMMENT_TOKEN": gitlab.token},
        {name: {"AWS_ROLE_ARN": role, "PULUMI_BACKEND_URL": backend} for name, role in roles.items()},
    )


def results(jobs: dict[str, Done]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


def said(jobs: dict[str, Done]) -> str:
    return "\n".join(f"## {job.name}: {job.result}\n{job.output}" for job in jobs.values())


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("project") / "acme-data"
    done = CliRunner().invoke(app, ["init", str(folder), "--ci", "gitlab", "--input", "azure", "--lightly", "gcs"])
    assert done.exit_code == 0, done.output
    return yaml.safe_load((folder / ".gitlab-ci.yml").read_text())


def told(script: list[str], folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(script)]
    return subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True)


def project(gitlab: FakeGitLab) -> dict[str, str]:
    known = {"CI_API_V4_URL": f"{gitlab.url}/api/v4", "CI_PROJECT_ID": str(PROJECT), "CI_MERGE_REQUEST_IID": "3"}
    return {**known, "CI_PIPELINE_URL": "https://gitlab.com/x", "LIGHTLY_COMMENT_TOKEN": gitlab.token}


def test_a_wrong_token_writes_nothing_and_fails(pipeline: Any, gitlab: FakeGitLab, tmp_path: Path) -> None:
    (tmp_path / "analysis.md").write_text("x")
    (tmp_path / "found" / "prod").mkdir(parents=True)
    (tmp_path / "found" / "prod" / "result").write_text("failed\n")
    for job in ("comment", "issue"):
        done = told(pipeline[job]["script"], tmp_path, **{**project(gitlab), "LIGHTLY_COMMENT_TOKEN": "another"})
        assert "401" in done.stderr
        assert done.returncode != 0
    assert gitlab.notes == gitlab.issues == []


def test_the_note_is_found_among_many_and_somebody_elses_is_left_alone(
    pipeline: Any, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    mark = "<!-- lightly-access: analysis -->"
    gitlab.notes = [{"id": number, "author": {"id": 1}, "body": f"{mark}theirs"} for number in range(1, 131)]
    for text in ("first", "@second;type=x"):
        (tmp_path / "analysis.md").write_text(text)
        done = told(pipeline["comment"]["script"], tmp_path, **project(gitlab))
        assert done.returncode == 0, done.stderr
    assert [note["body"] for note in gitlab.notes if note["author"]["id"] == OURS] == [f"{mark}\n@second;type=x"]


def test_each_stack_has_an_issue_of_its_own(pipeline: Any, gitlab: FakeGitLab, tmp_path: Path) -> None:
    gitlab.issues = [
        {"iid": 1, "author": {"id": 1}, "state": "opened", "title": "lightly-access: a is not well", "description": "x"}
    ]
    for result in ("failed", "failed", "success"):
        for stack in ("a", "a-2"):
            (tmp_path / "found" / stack).mkdir(parents=True, exist_ok=True)
            (tmp_path / "found" / stack / "result").write_text(f"{result}\n")
            (tmp_path / "found" / stack / "1-drift.txt").write_text(f"drift of {stack}")
        done = told(pipeline["issue"]["script"], tmp_path, **project(gitlab))
        assert done.returncode == 0, done.stderr
    theirs, *ours = gitlab.issues
    assert (theirs["state"], theirs["description"]) == ("opened", "x")
    assert {each["title"]: each["state"] for each in ours} == {
        "lightly-access: a is not well": "closed",
        "lightly-access: a-2 is not well": "closed",
    }
    assert len(ours) == 2
    assert all(f"drift of {each['title'].split()[1]}\n" in each["description"] for each in ours)


def test_nothing_that_was_looked_at_is_a_failure_and_no_issue(
    pipeline: Any, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    assert told(pipeline["issue"]["script"], tmp_path, **project(gitlab)).returncode != 0
    assert gitlab.issues == []


@pytest.mark.parametrize(("code", "child"), [(0, "nothing is due"), (1, "include"), (2, "")])
def test_the_answer_of_status_decides_whether_the_schedule_deploys(
    code: int, child: str, pipeline: Any, tmp_path: Path
) -> None:
    (script := tmp_path / ".venv" / "bin" / "lightly-access").parent.mkdir(parents=True)
    script.write_text(f"#!/bin/sh\nexit {code}\n")
    script.chmod(0o755)
    done = told(pipeline["due"]["script"], tmp_path, STACKS="prod")
    if child:
        assert list(yaml.safe_load((tmp_path / "rotate.yml").read_text())) == [child]
    assert done.returncode == (0 if child else 2)
