"""Whoever deploys to AWS: managed policies, and the role that holds them and that a pipeline's tokens open."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lightly_policies.cases_pipeline import AWS_AUDIENCE
from lightly_policies.deployer import MANAGED_POLICY_QUOTA, aws_deployer, managed_policies
from lightly_policies.render_aws import aws_pipeline_trust

from lightly_access.kinds.deployer import Asked, Deployer, line
from lightly_access.kinds.s3.deployer_policy import aws_deployment


def deployer(asked: Asked) -> Deployer:
    """Raises ManyPartitionsError, UnrenderableDocumentError, MissingPlaceError."""
    deployment = aws_deployment(
        asked.manifest,
        project=asked.project,
        stack=asked.stack,
        owner=asked.owner,
        account=asked.places.get("account"),
    )
    text = aws_deployer(deployment, read_only=asked.read_only)
    policies = [json.loads(part) for part in managed_policies(text)]
    parts = {f"deployer-{number}.json": part for number, part in enumerate(policies, 1)}
    note = None
    if asked.read_only and deployment.entered:
        note = (
            f"note: it enters no other account, for {', '.join(deployment.entered)} may deploy\n"
            "hint: a preview of these accounts needs such a role; --owner says what one that reads needs there"
        )
    elif len(parts) > 1:
        note = (
            f"note: {len(text)} characters, and a managed policy takes {MANAGED_POLICY_QUOTA}\n"
            f"hint: --out DIR writes {len(parts)} that do"
        )
    if asked.pipeline is None:
        return Deployer(json.loads(text), parts, note=note)
    hint = "aws sts get-caller-identity --query Account --output text"
    account = deployment.account or asked.place("account", "twelve digits: --ci names its identity provider", hint)
    trust = json.loads(aws_pipeline_trust(asked.pipeline, account, deployment.partition))
    where = f"arn:{deployment.partition}:iam::{account}:policy"
    lines = _commands(asked.name, where, asked.pipeline.issuer, trust, parts)
    return Deployer(json.loads(text), parts, {"trust.json": trust}, tuple(lines), note)


def _commands(name: str, where: str, issuer: str, trust: Any, parts: Mapping[str, Any]) -> Iterator[str]:
    provider = ("aws", "iam", "create-open-id-connect-provider", "--url", issuer, "--client-id-list", AWS_AUDIENCE)
    yield f"# once an account: {line(*provider)}"
    yield line("aws", "iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust)
    for number, part in enumerate(parts.values(), 1):
        called = f"{name}-{number}"
        yield line("aws", "iam", "create-policy", "--policy-name", called, "--policy-document", part)
        yield line("aws", "iam", "attach-role-policy", "--role-name", name, "--policy-arn", f"{where}/{called}")
