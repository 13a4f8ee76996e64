"""The pipeline that `init --ci gitlab` writes, run line by line."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_cli.main import app
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.start import start_sandbox
from typer.testing import CliRunner

from tests.pipelines.fake_gitlab import OURS, PROJECT, FakeGitLab, fake_gitlab
from tests.pipelines.farm import STACK, Farm, built
from tests.pipelines.gitlab_runner import Done, GitLabRunner
from tests.pipelines.test_github import BEES, WIDE, keys

SUBJECT = "project_path:acme/lightly:ref_type:branch:ref:main"
ROLES = {f"arn:aws:iam::123456789012:role/{name}": name for name in ("deploys", "reads")}


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

    # Ours: one note, however often it is pushed.
    for _ in range(2):
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

    # The next day all is well: nothing is due, and the issue is closed.
    jobs = runner.run("schedule", branch)
    expected = {"due": "success", "look prod": "success", "rotate / nothing is due": "success", "issue": "success"}
    assert results(jobs) == expected, said(jobs)
    assert [each["state"] for each in gitlab.issues] == ["closed"]
    assert gitlab.token not in said(jobs)


def gitlab_runner(farm: Farm, gitlab: FakeGitLab, commit: str) -> GitLabRunner:
    farm.clone(commit, 9)
    backend = (farm.folder / "backend").as_uri()
    env = {**farm.machine(), "CI_API_V4_URL": f"{gitlab.url}/api/v4", "CI_PIPELINE_URL": "https://gitlab.com/x"}
    env["PATH"] = f"{farm.folder / 'pulumi'}:{env['PATH']}"
    roles = {name: role for role, name in ROLES.items()}

    def login(audiences: Mapping[str, str], job: Mapping[str, str]) -> Mapping[str, str]:
        """As AWS decides by a trust policy: of the branch, and of the environment."""
        if "AWS_ID_TOKEN" not in audiences:
            return {}
        trusted = {"deploys": STACK, "reads": f"{STACK}-read"}[ROLES[job["AWS_ROLE_ARN"]]]
        assert audiences["AWS_ID_TOKEN"] == "sts.amazonaws.com"
        assert (f"project_path:acme/lightly:ref_type:branch:ref:{job['CI_COMMIT_BRANCH']}") == SUBJECT
        assert job["CI_ENVIRONMENT_NAME"] == trusted
        return farm.logged_in()

    return GitLabRunner(
        farm.work,
        farm.folder / "artifacts",
        env,
        lambda: farm.clone(commit, 9),
        login,
        {"LIGHTLY_COMMENT_TOKEN": gitlab.token},
        {
            name: {"AWS_ROLE_ARN": roles[role], "PULUMI_BACKEND_URL": backend}
            for name, role in ((STACK, "deploys"), (f"{STACK}-read", "reads"))
        },
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
