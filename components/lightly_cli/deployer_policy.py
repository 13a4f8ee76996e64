"""`lightly-access deployer-policy`: what whoever deploys must be allowed to do."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lightly_policies.deployer import Deployment
    from lightly_policies.pipeline import Pipeline


class Ci(StrEnum):
    """Whose pipeline deploys."""

    GITHUB = "github"


def deployer_policy(
    stack: Annotated[
        str | None,
        typer.Argument(
            metavar="[STACK or PATH]", show_default=False, help="A stack or stack file. Default: the only one."
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(show_default=False, help="One of `accounts`: the policy of the role that deploys there."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(show_default=False, help="The AWS account, for ARNs without `*` in its place.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(show_default=False, help="A folder for managed policies, as few files as AWS's quota allows."),
    ] = None,
    ci: Annotated[
        Ci | None, typer.Option(show_default=False, help="Print the trust policy for a pipeline of GitHub Actions.")
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(
            metavar="OWNER/NAME", show_default=False, help="Of --ci: with IDs, OWNER@ID/NAME@ID, if its tokens have."
        ),
    ] = None,
    environment: Annotated[
        str | None, typer.Option(show_default=False, help="Of --ci: the environment whose jobs may deploy.")
    ] = None,
    branch: Annotated[
        str | None, typer.Option(show_default=False, help="Of --ci, in place of --environment: the branch.")
    ] = None,
) -> None:
    """Print the IAM policy that whoever deploys a stack needs in AWS: complete, and no more.

    It is bound to the stack's buckets, to IAM names that begin with the project and the stack, and to KMS keys with the
    stack's tag, so a new dataset needs no new policy unless it is the first of its kind. policies/README.md says what
    each statement is for, which of them were shown, and what Azure and Google Cloud ask for.

    With --ci it prints instead the trust policy of the role that holds that policy: by it one repository's pipeline
    assumes the role with a token of GitHub's, without a key. The permissions are printed without --ci; with --out both
    are written, the trust policy as trust.json.

    \b
    Examples:
      lightly-access deployer-policy prod --account 123456789012 > deployer.json
      lightly-access deployer-policy prod --out policies/prod
      lightly-access deployer-policy prod --account 123456789012 --ci github \\
        --repository octo-org/data --environment production > trust.json

    Exit codes: 0 printed, 1 there is nothing to allow or it cannot be said, 2 wrong usage.
    """
    import re

    from lightly_access.kinds.s3.deployer_policy import ManyPartitionsError, aws_deployment
    from lightly_access.tables.shard import named_after
    from lightly_core.fault import Fault
    from lightly_policies.deployer import aws_deployer, managed_policies
    from lightly_policies.rendering import UnrenderableDocumentError

    from lightly_cli.declared import project, stack_manifest

    pipeline = _pipeline(ci, repository, environment, branch)
    name, manifest = stack_manifest(stack)
    if owner is not None and owner not in manifest.accounts:
        fault = Fault(f"one of the accounts: {', '.join(manifest.accounts) or 'none is declared'}")
        raise typer.BadParameter(fault.sentence(owner), param_hint="--owner")
    if account is not None and not re.fullmatch("[0-9]{12}", account):
        raise typer.BadParameter(Fault("twelve digits").sentence(account), param_hint="--account")
    try:
        deployment = aws_deployment(
            manifest, project=project(), stack=named_after(name, manifest.shard), owner=owner, account=account
        )
        text = aws_deployer(deployment)
        parts = managed_policies(text)
        trust = _trust(pipeline, deployment) if pipeline else None
    except (UnrenderableDocumentError, ManyPartitionsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if out is not None:
        _write(out, parts, trust)
    elif trust is not None:
        typer.echo(_readable(trust), nl=False)
    else:
        _print(text, len(parts))


def _pipeline(ci: Ci | None, repository: str | None, environment: str | None, branch: str | None) -> "Pipeline | None":
    """The pipeline that may deploy, None without --ci. Raises BadParameter."""
    from lightly_policies.pipeline import Pipeline

    if ci is None:
        for option, value in (("--repository", repository), ("--environment", environment), ("--branch", branch)):
            if value is not None:
                raise typer.BadParameter("it describes a pipeline\nhint: --ci github", param_hint=option)
        return None
    if repository is None:
        raise typer.BadParameter("got nothing, expected OWNER/NAME\nhint: as in its address", param_hint="--repository")
    pipeline = Pipeline(repository, environment, branch)
    for name, sentence in pipeline.faults():
        raise typer.BadParameter(sentence, param_hint=f"--{name}")
    return pipeline


def _trust(pipeline: "Pipeline", deployment: "Deployment") -> str:
    """The trust policy, proved. Raises BadParameter, UnrenderableDocumentError."""
    from lightly_policies.render_aws import aws_pipeline_trust

    if deployment.account is None:
        hint = "aws sts get-caller-identity --query Account --output text"
        raise typer.BadParameter(
            f"got nothing, expected twelve digits: --ci names its identity provider\nhint: {hint}",
            param_hint="--account",
        )
    return aws_pipeline_trust(pipeline, deployment.account, deployment.partition)


def _print(text: str, parts: int) -> None:
    from lightly_policies.deployer import MANAGED_POLICY_QUOTA

    typer.echo(_readable(text), nl=False)
    if parts > 1:
        note = f"note: {len(text)} characters, and a managed policy takes {MANAGED_POLICY_QUOTA}"
        typer.echo(f"{note}\nhint: --out DIR writes {parts} that do", err=True)


def _write(out: Path, parts: list[str], trust: str | None) -> None:
    from lightly_cli.output import write_folder

    files = {f"deployer-{number}.json": _readable(part) for number, part in enumerate(parts, 1)}
    if trust is not None:
        files["trust.json"] = _readable(trust)
    write_folder("--out", out, files)
    for name in files:
        typer.echo(out / name)


def _readable(text: str) -> str:
    import json

    return json.dumps(json.loads(text), indent=2) + "\n"
