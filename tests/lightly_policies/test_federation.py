"""Trust of Azure and Google Cloud in a pipeline: one repository's branch or environment; any change is found."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from lightly_policies.evaluator.federation import entra, google
from lightly_policies.pipeline import Pipeline, Token
from lightly_policies.pipeline_github import GitHubPipeline
from lightly_policies.pipeline_gitlab import GitLabPipeline
from lightly_policies.proof_pipeline import prove_federated_credentials, prove_workload_identity
from lightly_policies.render_federation import azure_federated_credential, google_provider
from lightly_policies.rendering import UnrenderableDocumentError

NUMBER = "123456789012"
POOL = f"projects/{NUMBER}/locations/global/workloadIdentityPools/lightly-deploys"
PROVIDER = f"{POOL}/providers/pipeline"
GITHUB = GitHubPipeline("octo-org/data", environment="production", repository_id="456789", owner_id="123456")
GITLAB = GitLabPipeline("acme/ml/data", branch="main", repository_id="20", owner_id="72")
PIPELINES = [
    GITHUB,
    GitHubPipeline("octo-org@123456/data@456789", branch="main"),
    GITLAB,
    replace(GITLAB, at="gitlab.acme.example"),
]


def credential(pipeline: Pipeline) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(azure_federated_credential(pipeline, "production"))
    return found


def trust(pipeline: Pipeline) -> tuple[dict[str, Any], dict[str, Any]]:
    provider, binding = google_provider(pipeline, NUMBER, "lightly-deploys", "pipeline")
    return json.loads(provider), json.loads(binding)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_what_is_rendered_is_proved(pipeline: Pipeline) -> None:
    found = prove_federated_credentials([credential(pipeline)], pipeline)
    assert (found.ok, found.capabilities, len(found.outcomes) > 18) == (True, {"assume": True}, True)
    provider, binding = trust(pipeline)
    found = prove_workload_identity(provider, [binding], pipeline)
    assert (found.ok, found.capabilities, len(found.outcomes) > 18) == (True, {"assume": True}, True)
    assert [each.case.name for each in found.outcomes if each.decision.allowed] == ["the pipeline"]


def test_the_documents_are_those_of_the_clouds_documentation() -> None:
    assert credential(GITHUB) == {
        "name": "production",
        "description": "The jobs of a pipeline that deploys Lightly's access",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:octo-org/data:environment:production",
        "audiences": ["api://AzureADTokenExchange"],
    }
    provider, binding = trust(GITLAB)
    assert provider["oidc"] == {
        "issuerUri": "https://gitlab.com",
        "allowedAudiences": [f"https://iam.googleapis.com/{PROVIDER}"],
    }
    assert provider["attributeMapping"] == {
        "google.subject": "assertion.sub",
        "attribute.project_id": "assertion.project_id",
    }
    assert provider["attributeCondition"] == (
        'assertion.sub == "project_path:acme/ml/data:ref_type:branch:ref:main"'
        ' && assertion.project_id == "20" && assertion.namespace_id == "72"'
    )
    assert binding["members"] == [f"principalSet://iam.googleapis.com/{POOL}/attribute.project_id/20"]


def test_google_cloud_alone_is_bound_to_an_environment_of_gitlab() -> None:
    pipeline = replace(GITLAB, environment="production")
    provider, binding = trust(pipeline)
    assert provider["attributeCondition"].endswith(' && assertion.environment == "production"')
    names = [each.case.name for each in prove_workload_identity(provider, [binding], pipeline).outcomes]
    assert {"another environment", "no environment"} <= {*names}
    with pytest.raises(
        UnrenderableDocumentError, match=r"(?s)subject does not name it.*\nhint: leave out --environment"
    ):
        azure_federated_credential(pipeline, "production")


def test_a_name_that_somebody_else_took_is_refused_by_its_numbers() -> None:
    provider, binding = trust(GITHUB)
    audience = provider["oidc"]["allowedAudiences"][0]
    right = Token(GITHUB.issuer, {**GITHUB.claims(), "aud": audience})
    assert google(right, provider, [binding]).allowed
    for id in ("repository_id", "repository_owner_id"):
        taken = Token(GITHUB.issuer, {**GITHUB.retaken(id), "aud": audience})
        assert google(taken, provider, [binding]).reason == "its condition is not met"
    by_name = replace(GITHUB, repository_id=None)
    with pytest.raises(UnrenderableDocumentError, match="a name that was given up"):
        google_provider(by_name, NUMBER, "lightly-deploys", "pipeline")


def test_what_entra_compares_it_compares_letter_by_letter() -> None:
    right = Token(GITHUB.issuer, {"sub": GITHUB.subject, "aud": "api://AzureADTokenExchange"})
    made = credential(GITHUB)
    assert entra(right, [made]).allowed
    assert not entra(right, []).allowed
    assert not entra(right, [{**made, "subject": GITHUB.subject.replace("octo", "Octo")}]).allowed
    assert not entra(right, [{**made, "subject": "repo:octo-org/*"}]).allowed
    assert not entra(right, [{**made, "issuer": f"{GITHUB.issuer}/"}]).allowed


def test_google_cloud_takes_no_subject_that_is_too_long_and_no_condition_that_fails() -> None:
    provider, binding = trust(GITHUB)
    claims = {**GITHUB.claims(), "aud": provider["oidc"]["allowedAudiences"][0]}
    long = "repo:octo-org/data:environment:" + "x" * 100
    wide = {**provider, "attributeCondition": "true"}
    assert google(Token(GITHUB.issuer, claims), wide, [binding]).allowed
    assert "127 bytes" in google(Token(GITHUB.issuer, {**claims, "sub": long}), wide, [binding]).reason
    assert not google(
        Token(GITHUB.issuer, claims), {**provider, "attributeCondition": "assertion.none"}, [binding]
    ).allowed
    with pytest.raises(UnrenderableDocumentError, match="of which Google Cloud takes 127"):
        google_provider(replace(GITHUB, environment="e" * 120), NUMBER, "lightly-deploys", "pipeline")


def _azure_mutants() -> Iterator[Any]:
    made = credential(GITHUB)
    other = {**made, "name": "b", "subject": "repo:octo-org/other:environment:production"}
    changes: dict[str, list[dict[str, Any]]] = {
        "another repository": [other],
        "another beside": [made, other],
        "the branch": [{**made, "subject": "repo:octo-org/data:ref:refs/heads/main"}],
        "pull requests": [{**made, "subject": "repo:octo-org/data:pull_request"}],
        "another issuer": [{**made, "issuer": "https://gitlab.com"}],
        "another audience": [{**made, "audiences": ["https://github.com/octo-org"]}],
        "another audience beside": [{**made, "audiences": [*made["audiences"], "https://github.com/octo-org"]}],
        "an expression": [{**made, "claimsMatchingExpression": {"value": "claims['sub'] matches 'repo:octo-org/*'"}}],
        "nothing": [],
    }
    yield from (pytest.param(found, id=what) for what, found in changes.items())


@pytest.mark.parametrize("credentials", [*_azure_mutants()])
def test_any_change_of_azure_s_is_objected_to(credentials: list[dict[str, Any]]) -> None:
    assert prove_federated_credentials(credentials, GITHUB).unexpected


def _condition(change: Callable[[str], str]) -> Callable[[Any, Any], None]:
    return lambda provider, _: provider.update(attributeCondition=change(provider["attributeCondition"]))


def _of(part: int) -> Callable[[str], str]:
    return lambda text: " && ".join(each for number, each in enumerate(text.split(" && ")) if number != part)


_GOOGLE: dict[str, Callable[[Any, Any], Any]] = {
    "no condition": lambda provider, _: provider.pop("attributeCondition"),
    "any condition": _condition(lambda _: "true"),
    "one of them is enough": _condition(lambda text: text.replace("&&", "||")),
    "no subject": _condition(_of(0)),
    "no number of the repository": _condition(_of(1)),
    "no number of the owner": _condition(_of(2)),
    "a beginning of the subject": _condition(
        lambda text: text.replace("sub == ", "sub.startsWith(").replace('production"', 'production")')
    ),
    "a negation": _condition(lambda text: text.replace("==", "!=", 1)),
    "another issuer": lambda provider, _: provider["oidc"].update(issuerUri="https://gitlab.com"),
    "keys of one's own": lambda provider, _: provider["oidc"].update(jwksJson="{}"),
    "another audience beside": lambda provider, _: provider["oidc"]["allowedAudiences"].append("https://github.com/x"),
    "another mapping": lambda provider, _: provider["attributeMapping"].update(
        {"attribute.repository_id": "assertion.ref"}
    ),
    "no subject in the mapping": lambda provider, _: provider["attributeMapping"].pop("google.subject"),
    "everybody of the pool": lambda _, binding: binding.update(members=[f"principalSet://iam.googleapis.com/{POOL}/*"]),
    "another repository beside": lambda _, binding: binding["members"].append(binding["members"][0] + "1"),
    "a person beside": lambda _, binding: binding["members"].append("user:somebody@acme.example"),
    "another role": lambda _, binding: binding.update(role="roles/iam.serviceAccountTokenCreator"),
    "another pool": lambda _, binding: binding.update(members=[binding["members"][0].replace("lightly-deploys", "x")]),
}  # fmt: skip


@pytest.mark.parametrize("change", _GOOGLE)
def test_any_change_of_google_cloud_s_is_objected_to(change: str) -> None:
    provider, binding = copy.deepcopy(trust(GITHUB))
    _GOOGLE[change](provider, binding)
    assert prove_workload_identity(provider, [binding], GITHUB).unexpected


@pytest.mark.parametrize(
    "made",
    [
        lambda: azure_federated_credential(GITHUB, "a"),
        lambda: azure_federated_credential(replace(GITHUB, repository="octo-org/*"), "production"),
        lambda: google_provider(GITHUB, "acme-ml", "lightly-deploys", "pipeline"),
        lambda: google_provider(GITHUB, NUMBER, "gcp-pool", "pipeline"),
        lambda: google_provider(GITHUB, NUMBER, "lightly-deploys", "P"),
        lambda: google_provider(replace(GITHUB, environment="*"), NUMBER, "lightly-deploys", "pipeline"),
    ],
)
def test_values_that_are_none_are_refused(made: Callable[[], object]) -> None:
    with pytest.raises(UnrenderableDocumentError, match="expected"):
        made()
