"""Whoever deploys to AWS: who that is for each account of a manifest, and whether it may. Every call reads."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from lightly_policies.deployer import aws_deployer
from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.doctor.finding import Answer, ClockReading, Finding, State
from lightly_access.doctor.question import Question
from lightly_access.doctor.stack import Stack
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.deployer_policy import ManyPartitionsError, aws_deployment
from lightly_access.kinds.s3.session import RefusedError, call, logged_in
from lightly_access.kinds.s3.simulation import Simulation, denied, principal, simulations
from lightly_access.kinds.s3.store import S3Store

if TYPE_CHECKING:
    import boto3

_SHOWN = 6


def questions(stack: Stack) -> Iterator[Question]:
    """One an account: the login of stores without an owner, where it makes something, and each that is declared."""
    accounts = {name: each for name, each in stack.manifest.accounts.items() if isinstance(each, AwsAccount)}
    stores = [each for each in stack.manifest.stores.values() if isinstance(each, S3Store)]
    plain = any(each.owner is None for each in stores) and _policy(stack, None, None)
    for owner in [*([None] if plain else []), *accounts]:
        name = f"accounts.{owner}" if owner else "aws"
        yield Question(f"{name} login", partial(ask, stack, owner), "AWS")


def ask(stack: Stack, owner: str | None) -> Answer:
    """Who it is, in which region, and whether it may deploy."""
    name = f"accounts.{owner}" if owner else "aws"
    readings: list[ClockReading] = []
    try:
        session = logged_in(stack, owner, readings)
        who = call(session, "sts", "get_caller_identity", readings)
    except RefusedError as refused:
        return Answer(
            (Finding(f"{name} login", State.BAD, refused.said, refused.fix),), tuple(readings), refused.answered
        )
    found = [_login(name, who), _region(name, session, stack, owner)]
    found += _permissions(name, stack, owner, session, who, readings)
    return Answer(tuple(found), tuple(readings[:1]), reached=True)


def _login(name: str, who: dict[str, Any]) -> Finding:
    said = f"{who['Arn']} in account {who['Account']}"
    if principal(who["Arn"])[0] == "root":
        fix = "deploy as a role or user with what `lightly-access deployer-policy` prints"
        return Finding(f"{name} login", State.WARNING, f"{said}: the root user, who may do everything", fix)
    return Finding(f"{name} login", State.OK, said)


def _region(name: str, session: "boto3.Session", stack: Stack, owner: str | None) -> Finding:
    if session.region_name:
        source = "aws:region" if stack.text("aws:region") else "the environment"
        return Finding(f"{name} region", State.OK, f"{session.region_name}, of {source}")
    if owner:  # an account's provider takes the region of its stores
        return Finding(f"{name} region", State.OK, "that of each store")
    return Finding(f"{name} region", State.BAD, "there is none", "pulumi config set aws:region eu-central-1")


def _permissions(
    name: str,
    stack: Stack,
    owner: str | None,
    session: "boto3.Session",
    who: dict[str, Any],
    readings: list[ClockReading],
) -> list[Finding]:
    """Nothing where nothing is made there."""
    name = f"{name} permissions"
    policy = _policy(stack, owner, who["Account"])
    kind, called = principal(who["Arn"])
    if policy is None or kind == "root":
        return []
    printing = f"lightly-access deployer-policy {stack.name}{f' --owner {owner}' if owner else ''}"
    if not kind:
        return [Finding(name, State.WARNING, "AWS simulates users and roles only", f"compare with: {printing}")]
    arn = who["Arn"] if kind == "user" else _role(session, who, called, readings)
    results: list[dict[str, Any]] = []
    asked: list[Simulation] = [*simulations(policy)]
    try:
        for each in asked:
            results += _simulated(session, each.parameters(arn), readings)
    except RefusedError as refused:
        fix = f"allow it iam:SimulatePrincipalPolicy on itself, or compare with: {printing}"
        return [Finding(name, State.WARNING, f"whether it may deploy could not be asked: {refused.said}", fix)]
    if lost := denied(results):
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        return [
            Finding(
                name, State.BAD, f"it may not {', '.join(lost[:_SHOWN])}{more}", f"allow what is printed by: {printing}"
            )
        ]
    return [
        Finding(name, State.OK, f"all {len({name for each in asked for name in each.actions})} actions of its policy")
    ]


def _simulated(
    session: "boto3.Session", parameters: dict[str, Any], readings: list[ClockReading]
) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = call(session, "iam", "simulate_principal_policy", readings, **parameters, **more)
        results += page["EvaluationResults"]
        if not page.get("IsTruncated"):
            return results
        more = {"Marker": page["Marker"]}


def _role(session: "boto3.Session", who: dict[str, Any], name: str, readings: list[ClockReading]) -> str:
    """The role's own ARN, whose path a session's does not tell; without iam:GetRole the one without a path."""
    try:
        return str(call(session, "iam", "get_role", readings, RoleName=name)["Role"]["Arn"])
    except RefusedError:
        return f"arn:{who['Arn'].split(':')[1]}:iam::{who['Account']}:role/{name}"


def _policy(stack: Stack, owner: str | None, account: str | None) -> str | None:
    try:
        made = aws_deployment(stack.manifest, project=stack.project, stack=stack.name, owner=owner, account=account)
        return aws_deployer(made)
    except (UnrenderableDocumentError, ManyPartitionsError):
        return None
