"""Whose tokens a cloud must take for the pipeline's, and whose not: what every proof of its trust asks."""

from collections.abc import Iterable, Iterator

from lightly_policies.case import Case
from lightly_policies.evaluator.aws import Principal, Request
from lightly_policies.pipeline import Pipeline, Token

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"""
AWS_AUDIENCE = "sts.amazonaws.com"
"""Whom a token is for: what aws-actions/configure-aws-credentials asks for unless it is told otherwise."""
AWS_CLAIMS = {"https://token.actions.githubusercontent.com": ("repository_id",)}
"""Claims beside `aud` and `sub` that AWS compares in partition `aws`, of those that are bound here, by the issuer.
https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/"""
_ISSUERS = ("https://token.actions.githubusercontent.com", "https://gitlab.com", "https://gitlab.another.example")


def token_cases(pipeline: Pipeline, audience: str, ids: Iterable[str]) -> Iterator[Case]:
    """Every case, each with a Token as its request. `ids`: those of the platform's numbers that are compared."""
    right = {**pipeline.claims(), "aud": audience}

    def case(name: str, claims: dict[str, str], issuer: str = pipeline.issuer, *, expected: bool = False) -> Case:
        return Case(name, "assume", Token(issuer, claims), expected, inside=expected)

    yield case("the pipeline", right, expected=True)
    for who, claims in pipeline.others():
        yield case(who, {**claims, "aud": audience})
    for id in ids:
        yield case(f"names that were given up: another {id}", {**pipeline.retaken(id), "aud": audience})
    yield case("a token without a subject", _without(right, "sub"))
    yield case("a token for another audience", {**right, "aud": pipeline.issuer})
    yield case("a token for a longer audience", {**right, "aud": f"{audience}.cn"})
    yield case("a token for no audience", _without(right, "aud"))
    for issuer in (*_ISSUERS, f"{pipeline.issuer}.example", f"{pipeline.issuer}/x"):
        if issuer != pipeline.issuer:
            yield case(f"the same claims by {issuer}", right, issuer)


def provider_arn(account: str, partition: str, host: str) -> str:
    """The identity provider in an account, by which its trust policies name it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    return f"arn:{partition}:iam::{account}:oidc-provider/{host}"


def aws_claims(pipeline: Pipeline, partition: str) -> dict[str, str]:
    """Every claim that the trust policy compares, and its value."""
    more = AWS_CLAIMS.get(pipeline.issuer, ()) if partition == "aws" else ()
    numbers = {name: value for name, value in pipeline.ids.items() if name in more}
    return {"aud": AWS_AUDIENCE, "sub": pipeline.subject, **numbers}


def pipeline_cases(pipeline: Pipeline, account: str, partition: str = "aws") -> tuple[Case, ...]:
    """Every case of the trust policy: which token opens the role, by which call, and whoever else is in AWS."""
    role, compared = f"arn:{partition}:iam::{account}:role/deploys", aws_claims(pipeline, partition)
    person = Principal(f"arn:{partition}:iam::{account}:user/caller", account, "user", user_id="AIDACALLER")

    def asked(token: Token, by: str = WEB_IDENTITY, who: Principal | None = None) -> Request:
        host = token.issuer.removeprefix("https://")
        caller = who or Principal(provider_arn(account, partition, host), account, "federated")
        context = {f"{host}:{name}": (value,) for name, value in token.claims.items() if name in _CONTEXT}
        return Request(caller, by, role, account, context)

    tokens = [*token_cases(pipeline, AWS_AUDIENCE, compared.keys() & pipeline.ids.keys())]
    right = tokens[0].request
    callers = {
        "an identity of the own account, by a token": asked(right, who=person),
        "an identity of the own account": asked(Token(pipeline.issuer, {}), "sts:AssumeRole", person),
        "an anonymous caller": asked(right, who=Principal("*", "", "anonymous")),
    }
    calls = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity")
    return (
        *(Case(each.name, "assume", asked(each.request), each.expected, each.inside) for each in tokens),
        *(Case(name, "assume", request, False) for name, request in callers.items()),
        *(Case(f"the pipeline calls {call}", None, asked(right, call), False) for call in calls),
    )


_CONTEXT = frozenset({"aud", "sub", "repository", "repository_id", "ref", "environment"})
"""Claims that AWS gives to conditions."""


def _without(claims: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in claims.items() if key != name}
