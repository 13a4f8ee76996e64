"""`lightly-access deployer-policy`: what whoever deploys must be allowed to do."""

from pathlib import Path
from typing import Annotated

import typer


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
) -> None:
    """Print the IAM policy that whoever deploys a stack needs in AWS: complete, and no more.

    It is bound to the stack's buckets, to IAM names that begin with the project and the stack, and to KMS keys with the
    stack's tag, so a new dataset needs no new policy unless it is the first of its kind. policies/README.md says what
    each statement is for, which of them were shown, and what Azure and Google Cloud ask for.

    \b
    Examples:
      lightly-access deployer-policy prod --account 123456789012 > deployer.json
      lightly-access deployer-policy prod --out policies/prod

    Exit codes: 0 printed, 1 there is nothing to allow or it cannot be said, 2 wrong usage.
    """
    import json
    import re

    from lightly_access.kinds.s3.deployer_policy import ManyPartitionsError, aws_deployment
    from lightly_core.fault import Fault
    from lightly_policies.deployer import MANAGED_POLICY_QUOTA, aws_deployer, managed_policies
    from lightly_policies.rendering import UnrenderableDocumentError

    from lightly_cli.declared import project, stack_manifest
    from lightly_cli.output import write_folder

    name, manifest = stack_manifest(stack)
    if owner is not None and owner not in manifest.accounts:
        fault = Fault(f"one of the accounts: {', '.join(manifest.accounts) or 'none is declared'}")
        raise typer.BadParameter(fault.sentence(owner), param_hint="--owner")
    if account is not None and not re.fullmatch("[0-9]{12}", account):
        raise typer.BadParameter(Fault("twelve digits").sentence(account), param_hint="--account")
    try:
        deployment = aws_deployment(manifest, project=project(), stack=name, owner=owner, account=account)
        text = aws_deployer(deployment)
        parts = managed_policies(text)
    except (UnrenderableDocumentError, ManyPartitionsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if out is None:
        typer.echo(json.dumps(json.loads(text), indent=2))
        if len(parts) > 1:
            note = f"note: {len(text)} characters, and a managed policy takes {MANAGED_POLICY_QUOTA}"
            typer.echo(f"{note}\nhint: --out DIR writes {len(parts)} that do", err=True)
        return
    files = {
        f"deployer-{number}.json": json.dumps(json.loads(part), indent=2) + "\n" for number, part in enumerate(parts, 1)
    }
    write_folder("--out", out, files)
    for name in files:
        typer.echo(out / name)
