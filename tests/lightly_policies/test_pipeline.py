"""The trust policy of a pipeline: one repository's environment or branch, proved; nothing wider can be rendered."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from lightly_policies.cases_pipeline import pipeline_cases
from lightly_policies.evaluator.aws import Policies, Principal, Request, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document
from lightly_policies.pipeline import Pipeline
from lightly_policies.pipeline_github import GitHubPipeline
from lightly_policies.pipeline_gitlab import GitLabPipeline
from lightly_policies.proof_pipeline import prove_pipeline_trust
from lightly_policies.render_aws import aws_pipeline_trust
from lightly_policies.rendering import UnrenderableDocumentError

from tests.lightly_policies.linters import cloudsplaining_findings, expanded_actions, parliament_findings
from tests.lightly_policies.test_linted import as_identity

ACCOUNT = "123456789012"
ISSUER = "token.actions.githubusercontent.com"
WEB = "sts:AssumeRoleWithWebIdentity"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploys-prod"
PRODUCTION = GitHubPipeline("octo-org/data", environment="production")
MAIN = GitHubPipeline("octo-org/data", branch="main")
IMMUTABLE = GitHubPipeline("octo-org@123456/data@456789", environment="production")
NUMBERED = GitHubPipeline("octo-org/data", environment="production", repository_id="456789")
GITLAB = GitLabPipeline("acme/ml/data", branch="main", repository_id="20", owner_id="72")
OWN_HOST = GitLabPipeline("acme/data", branch="release/1", at="gitlab.acme.example")
PIPELINES = [PRODUCTION, MAIN, IMMUTABLE, NUMBERED, GITLAB, OWN_HOST]
RIGHT = "repo:octo-org/data:environment:production"


def _lets_in(subject: str, aud: str = "sts.amazonaws.com", action: str = WEB, provider: str = PROVIDER) -> bool:
    trust = Document.parse("trust", aws_pipeline_trust(PRODUCTION, ACCOUNT))
    claims = {f"{ISSUER}:aud": (aud,), f"{ISSUER}:sub": (subject,)}
    request = Request(Principal(provider, ACCOUNT, "federated"), action, ROLE, ACCOUNT, claims)
    return decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=trust)).allowed


def test_the_document_is_the_one_of_github_s_documentation() -> None:
    (found,) = json.loads(aws_pipeline_trust(PRODUCTION, ACCOUNT))["Statement"]
    assert found == {
        "Sid": "PipelineAssumesRole",
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": WEB,
        "Condition": {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": RIGHT}},
    }


@pytest.mark.parametrize(
    ("pipeline", "subject"),
    [
        (MAIN, "repo:octo-org/data:ref:refs/heads/main"),
        (IMMUTABLE, "repo:octo-org@123456/data@456789:environment:production"),
        (GITLAB, "project_path:acme/ml/data:ref_type:branch:ref:main"),
        (OWN_HOST, "project_path:acme/data:ref_type:branch:ref:release/1"),
    ],
)
def test_the_subject_is_that_of_a_branch_or_has_ids(pipeline: Pipeline, subject: str) -> None:
    assert f'"{subject}"' in aws_pipeline_trust(pipeline, ACCOUNT)


def test_this_repository_and_environment_alone_are_let_in() -> None:
    assert _lets_in(RIGHT)
    assert not _lets_in("repo:octo-org/other:environment:production")
    assert not _lets_in("repo:a-stranger/data:environment:production"), "a fork"
    assert not _lets_in("repo:octo-org/data-2:environment:production"), "a name that begins the same"
    assert not _lets_in("repo:octo-org/data:environment:staging")
    assert not _lets_in("repo:octo-org/data:pull_request")
    assert not _lets_in("repo:octo-org/data:ref:refs/heads/main")
    assert not _lets_in(RIGHT, aud="https://github.com/octo-org")
    assert not _lets_in(RIGHT, action="sts:AssumeRole")
    assert not _lets_in(RIGHT, provider=PROVIDER.replace(ISSUER, "gitlab.com"))


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_what_is_rendered_is_proved_in_each_partition(pipeline: Pipeline, partition: str) -> None:
    text = aws_pipeline_trust(pipeline, ACCOUNT, partition)
    proof = prove_pipeline_trust(text, pipeline, ACCOUNT, partition)
    assert proof.ok
    assert proof.capabilities == {"assume": True}
    assert len(proof.outcomes) > 20
    assert f"arn:{partition}:iam::" in text


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_one_case_alone_is_allowed_and_names_are_unique(pipeline: Pipeline) -> None:
    cases = pipeline_cases(pipeline, ACCOUNT)
    assert [case.name for case in cases if case.expected] == ["the pipeline"]
    assert len({case.name for case in cases}) == len(cases)


def test_the_repository_s_number_is_compared_where_aws_knows_it() -> None:
    claim = f"{ISSUER}:repository_id"
    bound = json.loads(aws_pipeline_trust(NUMBERED, ACCOUNT))
    assert bound["Statement"][0]["Condition"]["StringEquals"][claim] == "456789"
    assert claim not in aws_pipeline_trust(NUMBERED, ACCOUNT, "aws-cn")
    assert "project_id" not in aws_pipeline_trust(GITLAB, ACCOUNT), "AWS knows no other claims of GitLab"
    del bound["Statement"][0]["Condition"]["StringEquals"][claim]
    found = prove_pipeline_trust(json.dumps(bound), NUMBERED, ACCOUNT).unexpected
    assert any("names that were given up" in sentence for sentence in found), found


def test_gitlab_s_provider_is_its_host() -> None:
    (found,) = json.loads(aws_pipeline_trust(OWN_HOST, ACCOUNT))["Statement"]
    host = "gitlab.acme.example"
    assert found["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"}
    assert found["Condition"]["StringEquals"].keys() == {f"{host}:aud", f"{host}:sub"}


def test_an_environment_of_gitlab_is_no_part_of_what_aws_compares() -> None:
    pipeline = GitLabPipeline("acme/data", environment="production", branch="main")
    with pytest.raises(
        UnrenderableDocumentError, match=r"(?s)subject does not name it.*\nhint: leave out --environment"
    ):
        aws_pipeline_trust(pipeline, ACCOUNT)


def _mutants() -> Iterator[Any]:
    """Documents that let in more, or others."""
    whole = json.loads(aws_pipeline_trust(PRODUCTION, ACCOUNT))
    condition = whole["Statement"][0]["Condition"]["StringEquals"]
    sub, aud = f"{ISSUER}:sub", f"{ISSUER}:aud"
    changes: dict[str, dict[str, Any]] = {
        "no condition": {"Condition": {}},
        "no subject": {"Condition": {"StringEquals": {aud: condition[aud]}}},
        "no audience": {"Condition": {"StringEquals": {sub: condition[sub]}}},
        "a pattern": {"Condition": {"StringLike": {**condition, sub: "repo:octo-org/data:*"}}},
        "the same by a pattern": {"Condition": {"StringLike": condition}},
        "if it exists": {"Condition": {"StringEqualsIfExists": condition}},
        "another beside": {"Condition": {"StringEquals": {**condition, sub: [RIGHT, "repo:octo-org/x:pull_request"]}}},
        "a wildcard as it stands": {"Condition": {"StringEquals": {**condition, sub: "repo:octo-org/data:*"}}},
        "another provider": {"Principal": {"Federated": PROVIDER.replace(ISSUER, "gitlab.com")}},
        "the account beside": {"Principal": {"Federated": PROVIDER, "AWS": ACCOUNT}},
        "everyone": {"Principal": "*"},
        "another call": {"Action": "sts:AssumeRole"},
        "another call beside": {"Action": [WEB, "sts:TagSession"]},
        "all calls": {"Action": "sts:*"},
        "a refusal": {"Effect": "Deny"},
    }
    for what, change in changes.items():
        mutant = copy.deepcopy(whole)
        mutant["Statement"][0].update(change)
        yield pytest.param(json.dumps(mutant), id=what)


@pytest.mark.parametrize("trust", [*_mutants()])
def test_any_change_is_objected_to(trust: str) -> None:
    found = prove_pipeline_trust(trust, PRODUCTION, ACCOUNT).unexpected
    assert found
    assert all(sentence.startswith(("wider: ", "narrower: ")) for sentence in found)


@pytest.mark.parametrize(
    "pipeline",
    [
        *(
            GitHubPipeline(name, environment="production")
            for name in (
                *("octo-org", "octo-org/*", "octo-*/data", "octo-org/dat?", "octo-org/data/x", "/data", "octo-org/"),
                *("octo-org/..", "octo-org/data:x", "${aws:username}/data", "octo-org/data\n", "octo-org@1/data"),
                *("octo-org/data@1", "octo-org@*/data@*", "https://github.com/octo-org/data", ""),
            )
        ),
        *(
            GitHubPipeline("octo-org/data", environment=name)
            for name in ("*", "prod*", "pro?", "a:b", "${x}", "", "a" * 256)
        ),
        *(
            GitHubPipeline("octo-org/data", branch=name)
            for name in ("*", "feature/*", "ma?n", "refs/heads/main", "a..b", "")
        ),
        GitHubPipeline("octo-org/data"),
        GitHubPipeline("octo-org/data", environment="production", branch="main"),
        GitHubPipeline("octo-org@1/data@2", environment="production", repository_id="2"),
        *(
            GitLabPipeline(name, branch="main")
            for name in ("data", "acme/*", "acme/data/", "acme//data", "acme/data:ref", "acme/../data", "acme/data.git")
        ),
        *(
            GitLabPipeline("acme/data", branch="main", at=host)
            for host in ("*", "gitlab", "https://gitlab.com", "a.b:1")
        ),
        GitLabPipeline("acme/data", branch="*"),
        GitLabPipeline("acme/data"),
        GitLabPipeline("acme/data", branch="main", repository_id="*"),
    ],
)
def test_names_that_are_no_names_are_refused_with_a_hint(pipeline: Pipeline) -> None:
    with pytest.raises(UnrenderableDocumentError, match=r"(?s)^trust policy: [\w-]+: .*"):
        aws_pipeline_trust(pipeline, ACCOUNT)


@pytest.mark.parametrize(("account", "partition"), [("12", "aws"), ("*", "aws"), (ACCOUNT, "aws-moon")])
def test_a_wrong_account_or_partition_is_refused(account: str, partition: str) -> None:
    with pytest.raises(UnrenderableDocumentError, match="expected"):
        aws_pipeline_trust(PRODUCTION, account, partition)


def test_linters_find_nothing_but_keys_that_parliament_does_not_know() -> None:
    """Condition keys of an identity provider bear its name: no list of AWS's own keys has them."""
    text = as_identity(aws_pipeline_trust(PRODUCTION, ACCOUNT), ROLE)
    found = parliament_findings(text)
    assert all(f"Unknown condition {ISSUER}:" in finding for finding in found), found
    assert cloudsplaining_findings(text) == []
    assert expanded_actions(text) == {WEB}
