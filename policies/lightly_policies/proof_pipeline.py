"""Evidence by evaluation: whom the trust in a pipeline lets in, in each cloud, against the pipeline that it is for.

Each proof shows no light but `assume`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lightly_policies.case import Case
from lightly_policies.cases_pipeline import WEB_IDENTITY, aws_claims, pipeline_cases, provider_arn, token_cases
from lightly_policies.evaluator import federation
from lightly_policies.evaluator.aws import Policies, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document
from lightly_policies.pipeline import Pipeline
from lightly_policies.proof import Decision, Outcome, Proof

ENTRA_AUDIENCE = "api://AzureADTokenExchange"
"""https://learn.microsoft.com/graph/api/resources/federatedidentitycredential"""
_MATCHED = frozenset({"name", "issuer", "subject", "audiences", "description"})


def prove_pipeline_trust(trust: str, pipeline: Pipeline, account: str, partition: str = "aws") -> Proof:
    """Whom a trust policy of AWS lets in. Each caller's own policies allow it everything: the trust policy alone must
    refuse. Raises MalformedDocumentError.
    """
    document = Document.parse("trust", trust).require("trust")
    policies = Policies(identity=(ALLOWS_EVERYTHING,), resource=document)
    cases = pipeline_cases(pipeline, account, partition)
    wider = _wider(document, provider_arn(account, partition, pipeline.host), pipeline, partition)
    return _proof([(case, decide(case.request, policies)) for case in cases], wider)


def prove_federated_credentials(credentials: Sequence[Mapping[str, Any]], pipeline: Pipeline) -> Proof:
    """Whom the federated credentials of an identity of Entra let in."""
    cases = token_cases(pipeline, ENTRA_AUDIENCE, ())
    wider = [
        f"wider: {each.get('name')} has {', '.join(sorted(more))}, of which nothing is known here"
        for each in credentials
        if (more := each.keys() - _MATCHED)
    ]
    wider += ["wider: there is more than one federated credential"] * (len(credentials) > 1)
    wider += ["wider: it takes other audiences"] * any(each["audiences"] != [ENTRA_AUDIENCE] for each in credentials)
    return _proof([(case, federation.entra(case.request, credentials)) for case in cases], wider)


def prove_workload_identity(
    provider: Mapping[str, Any], bindings: Sequence[Mapping[str, Any]], pipeline: Pipeline
) -> Proof:
    """Whom a provider of a workload identity pool and the policy of a service account let in together.

    The condition alone must refuse too: other bindings on the same pool may be wider.
    """
    pool = str(provider.get("name")).partition("/providers/")[0]
    everybody = {
        "role": federation.IMPERSONATES,
        "members": [f"principalSet://iam.googleapis.com/{pool}/*"],
    }
    cases = [*token_cases(pipeline, google_audience(str(provider.get("name"))), pipeline.ids)]
    outcomes: list[tuple[Case, Decision]] = [
        (case, federation.google(case.request, provider, bindings)) for case in cases
    ]
    beyond = (case for case in cases if federation.google(case.request, provider, [everybody]).allowed)
    wider = [f"wider: the provider takes the token of {case.name}" for case in beyond if not case.expected]
    return _proof(outcomes, [*wider, *_members(provider, bindings, pool, pipeline)])


def google_audience(provider: str) -> str:
    """Whom a token for a provider is for, unless the provider says otherwise."""
    return f"https://iam.googleapis.com/{provider}"


def _members(
    provider: Mapping[str, Any], bindings: Sequence[Mapping[str, Any]], pool: str, pipeline: Pipeline
) -> Iterator[str]:
    """What is bound beside one set of the repository's number, or one subject."""
    right = {f"principal://iam.googleapis.com/{pool}/subject/{pipeline.subject}"}
    right |= {
        f"principalSet://iam.googleapis.com/{pool}/attribute.{name}/{value}" for name, value in pipeline.ids.items()
    }
    for binding in bindings:
        if binding.get("role") != federation.IMPERSONATES or set(binding.get("members", ())) - right:
            yield f"wider: {binding.get('role')} is bound beside the repository"
    oidc = provider.get("oidc", {})
    if provider.keys() - {"name", "displayName", "oidc", "attributeMapping", "attributeCondition"}:
        yield "wider: the provider has settings of which nothing is known here"
    if oidc.keys() - {"issuerUri", "allowedAudiences"}:
        yield "wider: the provider trusts keys that its issuer may not have published"
    if oidc.get("allowedAudiences", [google_audience(str(provider.get("name")))]) != [
        google_audience(str(provider.get("name")))
    ]:
        yield "wider: the provider takes tokens for other audiences"


def _proof(decided: Sequence[tuple[Case, Decision]], wider: Sequence[str] | Iterator[str]) -> Proof:
    outcomes = tuple(Outcome(case, decision) for case, decision in decided)
    wrong = tuple(outcome.sentence for outcome in outcomes if not outcome.ok)
    let_in = all(outcome.decision.allowed for outcome in outcomes if outcome.case.inside)
    return Proof({"assume": let_in}, (*wrong, *wider), outcomes)


def _wider(document: Document, provider: str, pipeline: Pipeline, partition: str) -> Iterator[str]:
    """What an Allow names beside one provider, one call, and one exact value of each claim."""
    for statement in document.statements:
        if not statement.allows:
            continue
        if statement.principals is None or dict(statement.principals) != {"Federated": (provider,)}:
            yield f"wider: {statement.name} trusts other principals than {provider}"
        if statement.actions is None or any(action.lower() != WEB_IDENTITY.lower() for action in statement.actions):
            yield f"wider: {statement.name} allows other actions than {WEB_IDENTITY}"
        for claim in aws_claims(pipeline, partition):
            if not statement.bound_to_one(f"{pipeline.host}:{claim}"):
                yield f"wider: {statement.name} is not bound by StringEquals {pipeline.host}:{claim} with one value"
