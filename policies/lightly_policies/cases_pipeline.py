"""Who may assume the role that deploys, as a list of requests: what the proof of a pipeline's trust policy asks."""

import re
from collections.abc import Iterator

from lightly_policies.case import Case
from lightly_policies.evaluator.aws import Principal, Request
from lightly_policies.pipeline import AUDIENCE, ISSUER, Pipeline

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"""


def provider_arn(account: str, partition: str, issuer: str = ISSUER) -> str:
    """The identity provider in an account, by which its trust policies name it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    return f"arn:{partition}:iam::{account}:oidc-provider/{issuer}"


def pipeline_cases(pipeline: Pipeline, account: str, partition: str = "aws") -> tuple[Case, ...]:
    """Every case of the trust policy: which token of GitHub opens the role, by which call."""
    github = Principal(provider_arn(account, partition), account, "federated")
    other = Principal(provider_arn(account, partition, "gitlab.com"), account, "federated")
    person = Principal(f"arn:{partition}:iam::{account}:user/caller", account, "user", user_id="AIDACALLER")
    anonymous = Principal("*", "", "anonymous")
    right, role = pipeline.subject, f"arn:{partition}:iam::{account}:role/deploys"

    def ask(
        subject: str | None, who: Principal = github, aud: str | None = AUDIENCE, by: str = WEB_IDENTITY
    ) -> Request:
        claims = {"aud": aud, "sub": subject}
        context = {f"{ISSUER}:{name}": (value,) for name, value in claims.items() if value is not None}
        return Request(who, by, role, account, context)

    return (
        Case("the pipeline assumes the role", "assume", ask(right), True, inside=True),
        *(Case(f"{who} assumes the role", "assume", ask(subject), False) for who, subject in _others(pipeline)),
        Case("a token without a subject", "assume", ask(None), False),
        Case("a token for another audience", "assume", ask(right, aud="https://github.com/octo-org"), False),
        Case("a token for a longer audience", "assume", ask(right, aud=f"{AUDIENCE}.cn"), False),
        Case("a token for no audience", "assume", ask(right, aud=None), False),
        Case("the same claims by another provider", "assume", ask(right, other), False),
        Case("an identity of the own account, by a token", "assume", ask(right, person), False),
        Case("an identity of the own account", "assume", ask(None, person, None, "sts:AssumeRole"), False),
        Case("an anonymous caller", "assume", ask(right, anonymous), False),
        *(
            Case(f"the pipeline calls {action}", None, ask(right, by=action), False)
            for action in ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity")
        ),
    )


def _others(pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    """Subjects just beside the right one."""
    owner, _, name = pipeline.repository.partition("/")
    whose, suffix = f"repo:{pipeline.repository}", pipeline.suffix
    kind = "environment" if pipeline.environment else "branch"
    plain = re.sub("@[0-9]+", "", pipeline.repository)
    subjects = {
        "another repository of the owner": f"repo:{owner}/another-{name}:{suffix}",
        "a repository whose name begins the same": f"{whose}-fork:{suffix}",
        "a repository whose name is shorter": f"{whose[:-1]}:{suffix}",
        "a fork": f"repo:a-stranger/{name}:{suffix}",
        "an owner whose name begins the same": f"repo:{owner}-x/{name}:{suffix}",
        "a repository of the same name without ID": f"repo:{plain}:{suffix}",
        "a repository of the same name with another ID": f"repo:{plain.replace('/', '@1/')}@1:{suffix}",
        "a pull request": f"{whose}:pull_request",
        "another environment": f"{whose}:environment:another",
        "another branch": f"{whose}:ref:refs/heads/another",
        f"another {kind} whose name begins the same": f"{whose}:{suffix}-2",
        f"another {kind} whose name is shorter": f"{whose}:{suffix[:-1]}",
        "a tag": f"{whose}:ref:refs/tags/v1",
        "a wildcard": f"{whose}:*",
        "the same names in other case": f"repo:{pipeline.repository.swapcase()}:{suffix}",
    }
    return ((who, subject) for who, subject in subjects.items() if subject != pipeline.subject)
