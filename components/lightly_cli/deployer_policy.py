"""`lightly-access deployer-policy`: what whoever deploys must be allowed to do, and whose pipeline may do it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lightly_access.kinds.deployer import Asked, Deployer
    from lightly_access.manifest import Manifest
    from lightly_policies.pipeline import Pipeline


class Ci(StrEnum):
    """Whose pipeline deploys."""

    GITHUB = "github"
    GITLAB = "gitlab"


def deployer_policy(
    stack: Annotated[
        str | None,
        typer.Argument(
            metavar="[STACK or PATH]", show_default=False, help="A stack or stack file. Default: the only one."
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(show_default=False, help="One of `accounts`: whoever deploys there."),
    ] = None,
    cloud: Annotated[
        str | None,
        typer.Option(
            show_default=False, help="Which cloud, where the stack is in several. Default: the first; with --out all."
        ),
    ] = None,
    account: Annotated[
        str | None, typer.Option(show_default=False, help="The AWS account, for ARNs without `*` in its place.")
    ] = None,
    subscription: Annotated[
        str | None, typer.Option(metavar="ID", show_default=False, help="The Azure subscription of the stores.")
    ] = None,
    project_number: Annotated[
        str | None, typer.Option(metavar="NUMBER", show_default=False, help="Of --ci, of Google Cloud's project.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Of a login that previews, refreshes and verifies, and changes nothing.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(show_default=False, help="A folder for all files; of AWS, as few policies as its quota allows."),
    ] = None,
    ci: Annotated[
        Ci | None, typer.Option(show_default=False, help="Print the trust in a pipeline of GitHub Actions or GitLab.")
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
        str | None, typer.Option(show_default=False, help="Of --ci: the branch; of GitHub in place of --environment.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(show_default=False, help="Of --ci gitlab: a GitLab of your own (gitlab.com).")
    ] = None,
    repository_id: Annotated[
        str | None, typer.Option(metavar="NUMBER", show_default=False, help="Of --ci: the platform's number of it.")
    ] = None,
    owner_id: Annotated[
        str | None, typer.Option(metavar="NUMBER", show_default=False, help="Of --ci: that of its owner or group.")
    ] = None,
    commands: Annotated[
        bool, typer.Option("--commands", help="Of --ci: print lines of aws, az or gcloud that make it all.")
    ] = False,
) -> None:
    """Print what whoever deploys a stack needs in AWS, Azure or Google Cloud: complete, and no more.

    It is bound to the stack's stores, and in AWS to names that begin with the project and the stack: a new dataset
    needs nothing new unless it is the first of its kind. policies/README.md says what each permission is for, and
    what was shown of it.

    With --ci it prints instead whom the cloud shall trust: by it one repository's pipeline deploys with a token of
    its platform's, without a key. With --out permissions, trust and the lines that make both are written.

    With --read-only it is about a second login, for previews of pull requests, for the night's look and for status:
    it reads what the deployer makes, as far as `pulumi preview --refresh` and `verify` ask for it, and no more. Its
    files begin with `reader`.

    \b
    Examples:
      lightly-access deployer-policy prod --account 123456789012 > deployer.json
      lightly-access deployer-policy prod --out policies/prod
      lightly-access deployer-policy prod --account 123456789012 --ci github \\
        --repository octo-org/data --environment production > trust.json
      lightly-access deployer-policy prod --account 123456789012 \\
        --ci github --repository octo-org/data --environment prod-read \\
        --read-only --out deployer
      lightly-access deployer-policy prod --cloud gcp --project-number 123456789 \\
        --ci gitlab --repository acme/data --branch main \\
        --repository-id 20 --owner-id 72 --commands

    Exit codes: 0 printed, 1 there is nothing to allow or it cannot be said, 2 wrong usage.
    """
    import re

    from lightly_access.kinds.azure.names import GUID_PATTERN
    from lightly_access.kinds.deployer import Asked
    from lightly_access.tables.shard import named_after
    from lightly_core.fault import Fault

    from lightly_cli.declared import project, stack_manifest

    values = {"repository": repository, "environment": environment, "branch": branch, "host": host}
    pipeline = _pipeline(ci, {**values, "repository_id": repository_id, "owner_id": owner_id}, commands=commands)
    name, manifest = stack_manifest(stack)
    if owner is not None and owner not in manifest.accounts:
        fault = Fault(f"one of the accounts: {', '.join(manifest.accounts) or 'none is declared'}")
        raise typer.BadParameter(fault.sentence(owner), param_hint="--owner")
    for option, value, pattern, expected in (
        ("account", account, "[0-9]{12}", "twelve digits"),
        ("subscription", subscription, GUID_PATTERN, "the id of a subscription"),
        ("project-number", project_number, "[1-9][0-9]{5,18}", "the number of a project, not its id"),
    ):
        if value is not None and not re.fullmatch(pattern, value):
            raise typer.BadParameter(Fault(expected).sentence(value), param_hint=f"--{option}")
    places = {"account": account, "subscription": subscription, "project-number": project_number}
    asked = Asked(manifest, project(), named_after(name, manifest.shard), owner, places, pipeline, read_only)
    chosen = _clouds(manifest, owner, cloud)
    found = _deployers(asked, chosen if out else chosen[:1])
    if out is not None:
        _write(out, found, read_only=read_only)
        return
    (deployer,) = found.values()
    if commands:
        typer.echo("\n".join(("set -eu", *deployer.commands)))
    elif deployer.trust:
        trust = deployer.trust
        typer.echo(_readable(next(iter(trust.values())) if len(trust) == 1 else trust), nl=False)
    else:
        typer.echo(_readable(deployer.permissions), nl=False)
        if deployer.note:
            typer.echo(deployer.note, err=True)
    if len(chosen) > 1:
        typer.echo(f"note: the stack is in {', '.join(chosen)}\nhint: --cloud, or --out for all", err=True)


def _clouds(manifest: "Manifest", owner: str | None, cloud: str | None) -> list[str]:
    """The clouds of an owner's stores, or the one that was named. Raises BadParameter."""
    from lightly_access.kinds import registry
    from lightly_core.fault import Fault

    used = {store.kind for store in manifest.stores.values() if getattr(store, "owner", None) == owner}
    found = [kind.cloud for kind in registry.ROWS if kind.cloud and kind.name in used]
    if cloud is None:
        if not found:
            typer.echo("this stack makes nothing in a cloud", err=True)
            raise typer.Exit(1)
        return found
    if cloud not in found:
        fault = Fault(f"one that the stack is in: {', '.join(found) or 'it is in none'}")
        raise typer.BadParameter(fault.sentence(cloud), param_hint="--cloud")
    return [cloud]


def _deployers(asked: "Asked", clouds: list[str]) -> "dict[str, Deployer]":
    """By the cloud. Ends the program where it cannot be said; raises BadParameter for an option that is missing."""
    from lightly_access.kinds import registry
    from lightly_access.kinds.deployer import MissingPlaceError, NoDeployerError
    from lightly_policies.rendering import UnrenderableDocumentError

    found: dict[str, Deployer] = {}
    for kind in registry.ROWS:
        if kind.cloud in clouds and kind.cloud not in found:
            try:
                made = kind.deployer(asked)
            except MissingPlaceError as missing:
                raise typer.BadParameter(str(missing), param_hint=f"--{missing.option}") from None
            except (UnrenderableDocumentError, NoDeployerError) as error:
                typer.echo(str(error), err=True)
                raise typer.Exit(1) from None
            if made:
                found[str(kind.cloud)] = made
    return found


def _pipeline(ci: Ci | None, values: dict[str, str | None], *, commands: bool) -> "Pipeline | None":
    """The pipeline that may deploy, None without --ci. Raises BadParameter."""
    from lightly_policies.pipeline_github import GitHubPipeline
    from lightly_policies.pipeline_gitlab import GitLabPipeline

    given = {name: value for name, value in values.items() if value is not None}
    if ci is None:
        for option in (*given, *(["commands"] if commands else [])):
            hint = "it describes a pipeline\nhint: --ci github, or --ci gitlab"
            raise typer.BadParameter(hint, param_hint=f"--{option.replace('_', '-')}")
        return None
    if "repository" not in given:
        raise typer.BadParameter("got nothing, expected OWNER/NAME\nhint: as in its address", param_hint="--repository")
    if ci is Ci.GITHUB and "host" in given:
        raise typer.BadParameter("GitHub's tokens are signed in one place\nhint: leave it out", param_hint="--host")
    at = given.pop("host", None)
    of_host = {"at": at} if at else {}
    pipeline = GitHubPipeline(**given) if ci is Ci.GITHUB else GitLabPipeline(**given, **of_host)
    for name, sentence in pipeline.faults():
        raise typer.BadParameter(sentence, param_hint=f"--{name}")
    return pipeline


def _write(out: Path, deployers: "dict[str, Deployer]", *, read_only: bool) -> None:
    """Those of a login that only reads stand beside the deployer's."""
    from lightly_cli.output import write_folder

    files: dict[str, str] = {}
    for cloud, each in deployers.items():
        files |= {name: _readable(value) for name, value in {**each.parts, **each.trust}.items()}
        if each.commands:
            files[f"{cloud}.sh"] = "\n".join(("set -eu", *each.commands)) + "\n"
    if read_only:
        files = {f"reader-{name.removeprefix('deployer-')}": text for name, text in files.items()}
    write_folder("--out", out, files)
    for name in files:
        typer.echo(out / name)
    for each in deployers.values():
        if read_only and each.note:
            typer.echo(each.note, err=True)


def _readable(value: object) -> str:
    import json

    return json.dumps(value, indent=2) + "\n"
