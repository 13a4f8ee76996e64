"""Evidence by evaluation: whom the trust policy of the role that deploys lets in, against the pipeline it is for."""

from collections.abc import Iterator

from lightly_policies.cases_pipeline import WEB_IDENTITY, pipeline_cases, provider_arn
from lightly_policies.evaluator.aws import Policies, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document
from lightly_policies.pipeline import ISSUER, Pipeline
from lightly_policies.proof import Outcome, Proof


def prove_pipeline_trust(trust: str, pipeline: Pipeline, account: str, partition: str = "aws") -> Proof:
    """Whom a trust policy lets in, compared with the one pipeline that it is for. It shows no light but `assume`.

    Each caller's own policies allow it everything: the trust policy alone must refuse. Raises MalformedDocumentError.
    """
    document = Document.parse("trust", trust).require("trust")
    policies = Policies(identity=(ALLOWS_EVERYTHING,), resource=document)
    cases = pipeline_cases(pipeline, account, partition)
    outcomes = tuple(Outcome(case, decide(case.request, policies)) for case in cases)
    wrong = tuple(outcome.sentence for outcome in outcomes if not outcome.ok)
    let_in = all(outcome.decision.allowed for outcome in outcomes if outcome.case.inside)
    return Proof({"assume": let_in}, (*wrong, *_wider(document, provider_arn(account, partition))), outcomes)


def _wider(document: Document, provider: str) -> Iterator[str]:
    """What an Allow names beside one provider, one call, and one exact value of each claim."""
    for statement in document.statements:
        if not statement.allows:
            continue
        if statement.principals is None or dict(statement.principals) != {"Federated": (provider,)}:
            yield f"wider: {statement.name} trusts other principals than {provider}"
        if statement.actions is None or any(action.lower() != WEB_IDENTITY.lower() for action in statement.actions):
            yield f"wider: {statement.name} allows other actions than {WEB_IDENTITY}"
        for claim in ("aud", "sub"):
            if not statement.bound_to_one(f"{ISSUER}:{claim}"):
                yield f"wider: {statement.name} is not bound by StringEquals {ISSUER}:{claim} with one value"
