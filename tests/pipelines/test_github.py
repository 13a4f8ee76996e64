"""The workflows that `init --ci github` writes, run line by line: a change from its pull request to its rotation."""

import contextlib
import json
from collections.abc import Iterator

import pytest
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.start import start_sandbox

from tests.pipelines.farm import MANIFEST, STACK, Farm, built
from tests.pipelines.workflow_runner import Job, Running

WIDE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
PUBLIC = """
import pulumi_aws

pulumi_aws.s3.Bucket("open", bucket="acme-open")
"""
BEES = MANIFEST.replace("cows:", "bees:").replace("cows/", "bees/")


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    folder = tmp_path_factory.mktemp("farm")
    with start_sandbox() as sandbox:
        made = Farm.made(sandbox, folder, built(folder), "github")
        try:
            yield made
        finally:
            made.provider.stop()


@pytest.mark.engine
def test_a_change_from_its_pull_request_to_its_rotation(farm: Farm) -> None:
    """One scenario, since each part needs what the one before has made."""
    runner, change = farm.runner(), farm.proposed("manifest/datasets/bees.yaml", BEES)

    # A fork: no login and no right to write. What it would change is on the page of its run.
    jobs = runner.run("pull-request.yml", farm.pull_request(change, of="somebody/lightly"))
    assert results(jobs) == {"check": "success", "comment": "skipped", "preview": "skipped"}, jobs["check"].said()
    assert "**2 datasources new**" in jobs["check"].summary
    assert farm.at_github()["comments"]["7"] == []

    # A guardrail objects to what the program would make.
    program = (farm.repository / "__main__.py").read_text()
    jobs = runner.run("pull-request.yml", farm.pull_request(farm.proposed("__main__.py", program + PUBLIC)))
    assert results(jobs) == {"check": "success", "comment": "success", "preview prod": "failure"}
    assert "s3-block-public-access" in jobs["preview prod"].said()
    (comment,) = farm.at_github()["comments"]["7"]
    assert "**Nothing changes in what Lightly may do**" in comment["body"]

    # The next commit of that pull request: the same comment says something else.
    jobs = runner.run("pull-request.yml", farm.pull_request(change))
    assert results(jobs) == {"check": "success", "comment": "success", "preview prod": "success"}, said(jobs)
    (again,) = farm.at_github()["comments"]["7"]
    assert again["id"] == comment["id"]
    assert "#### New: `bees` LIGHTLY of `prod`" in again["body"]
    assert not keys(farm)

    # A merge deploys. It was forty days ago.
    runner.env = {**farm.machine(), "PROGRAM_DAYS_AGO": "40"}
    main = farm.git("rev-parse", "main").strip()
    jobs = runner.run("deploy.yml", farm.event("push", main))
    runner.env = farm.machine()
    assert results(jobs) == {"deploy prod": "success"}, said(jobs)
    (first,) = keys(farm)

    # Somebody changes what we made: every question of the night finds something, and an issue says so.
    iam = account(farm.sandbox, "customer").iam
    (role,) = iam.list_roles(PathPrefix="/lightly/")["Roles"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="lightly-input", PolicyDocument=WIDE)
    jobs = runner.run("nightly.yml", farm.event("schedule", main))
    steps = [step.result for step in jobs["look prod"].steps[-4:]]
    assert steps == ["failure", "failure", "failure", "success"], said(jobs)
    (issue,) = farm.at_github()["issues"]
    assert (issue["title"], issue["state"]) == ("lightly-access: prod is not well", "OPEN")
    for found in ("changes were proposed", "[policy-changed]", "was due for replacement"):
        assert found in issue["body"]

    # A credential is due: the deployment replaces it, and mends what somebody changed. The next day nothing is due.
    jobs = runner.run("rotation.yml", farm.event("schedule", main))
    assert results(jobs) == {"due": "success", "deploy / deploy prod": "success"}, said(jobs)
    (second,) = keys(farm)
    assert second != first
    jobs = runner.run("rotation.yml", farm.event("schedule", main))
    assert results(jobs) == {"due": "success", "deploy": "skipped"}, said(jobs)

    # All is well, and the issue is closed.
    jobs = runner.run("nightly.yml", farm.event("schedule", main))
    assert results(jobs) == {"look prod": "success"}, said(jobs)
    (issue,) = farm.at_github()["issues"]
    assert (issue["state"], len(issue["comments"])) == ("CLOSED", 1)

    # Somebody took the token out: nobody can ask Lightly, and that is an issue too.
    farm.pulumi("config", "rm", "lightly:token", "--stack", STACK)
    jobs = runner.run("nightly.yml", farm.event("schedule", farm.commit("Take the token out")))
    assert [step.result for step in jobs["look prod"].steps[-4:]] == ["success", "failure", "success", "success"]
    _, issue = farm.at_github()["issues"]
    assert "LIGHTLY_TOKEN is not set" in issue["body"]
    assert farm.sandbox.token.reveal() not in said(jobs)


def test_the_role_of_the_deployment_lets_in_its_own_environment_alone(farm: Farm) -> None:
    """Of pull requests, which run in the other one, and of a job without any, AWS lets none in."""
    runner = farm.runner()
    inputs = {"role-to-assume": runner.variables[STACK]["AWS_ROLE_ARN"], "aws-region": "eu-central-1"}
    rights = {"id-token": "write"}
    for environment in (STACK, f"{STACK}-read", ""):
        running = Running(farm.work, {"ref": "refs/pull/7/merge"}, rights, environment, {}, {})
        with contextlib.nullcontext() if environment == STACK else pytest.raises(AssertionError, match="AccessDenied"):
            runner.actions["aws-actions/configure-aws-credentials"](running, inputs)
        assert bool(running.added) is (environment == STACK)
    running = Running(farm.work, {}, {"contents": "read"}, STACK, {}, {})
    with pytest.raises(AssertionError, match="id-token"):
        runner.actions["aws-actions/configure-aws-credentials"](running, inputs)


def results(jobs: dict[str, Job]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


def said(jobs: dict[str, Job]) -> str:
    return "\n".join(job.said() for job in jobs.values())


def keys(farm: Farm) -> set[str]:
    """The ids of the access keys that exist."""
    iam = account(farm.sandbox, "customer").iam
    users = [user["UserName"] for user in iam.list_users(PathPrefix="/lightly/")["Users"]]
    return {key["AccessKeyId"] for name in users for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]}
