"""Whoever deploys to AWS: who that is for each account of a manifest, and whether it may. Every call reads.

Credentials are found as Pulumi's provider finds them: the stack's configuration `aws:...`, then the environment and its
profiles (https://www.pulumi.com/registry/packages/aws/installation-configuration/).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lightly_policies.deployer import aws_deployer
from lightly_policies.rendering import UnrenderableDocumentError

from lightly_access.doctor import clock
from lightly_access.doctor.finding import Answer, ClockReading, Finding, NotReachedError, State
from lightly_access.doctor.question import Question
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.client import aws_client
from lightly_access.kinds.s3.deployer_policy import ManyPartitionsError, aws_deployment
from lightly_access.kinds.s3.simulation import Simulation, denied, principal, simulations
from lightly_access.kinds.s3.store import S3Store

if TYPE_CHECKING:
    import boto3

_SESSION = "lightly-access-doctor"
_REFUSED = {
    "InvalidClientTokenId": "AWS does not know the access key: was it deleted or switched off?",
    "UnrecognizedClientException": "AWS does not know the access key: was it deleted or switched off?",
    "SignatureDoesNotMatch": "the secret is not the one of the access key, or the clock is wrong",
    "RequestExpired": "the clock of this machine is wrong",
    "ExpiredToken": "log in again (`aws sso login`): the session is over",
    "ExpiredTokenException": "log in again (`aws sso login`): the session is over",
    "AccessDenied": "let it assume the role: sts:AssumeRole in its policy, and itself in the role's trust policy",
}
_NO_LOGIN = "log in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_UNREACHED = frozenset(
    {"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "ReadTimeoutError"}
    | {"ConnectionClosedError", "HTTPClientError"}
)
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
        session = _session(stack, owner, readings)
        who = _call(session, "sts", "get_caller_identity", readings)
    except _RefusedError as refused:
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
    except _RefusedError as refused:
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
        page = _call(session, "iam", "simulate_principal_policy", readings, **parameters, **more)
        results += page["EvaluationResults"]
        if not page.get("IsTruncated"):
            return results
        more = {"Marker": page["Marker"]}


def _role(session: "boto3.Session", who: dict[str, Any], name: str, readings: list[ClockReading]) -> str:
    """The role's own ARN, whose path a session's does not tell; without iam:GetRole the one without a path."""
    try:
        return str(_call(session, "iam", "get_role", readings, RoleName=name)["Role"]["Arn"])
    except _RefusedError:
        return f"arn:{who['Arn'].split(':')[1]}:iam::{who['Account']}:role/{name}"


def _policy(stack: Stack, owner: str | None, account: str | None) -> str | None:
    try:
        made = aws_deployment(stack.manifest, project=stack.project, stack=stack.name, owner=owner, account=account)
        return aws_deployer(made)
    except (UnrenderableDocumentError, ManyPartitionsError):
        return None


def _session(stack: Stack, owner: str | None, readings: list[ClockReading]) -> "boto3.Session":
    """Logged in as a deployment would be. Raises _RefusedError."""
    import boto3

    account = stack.manifest.accounts[owner] if owner else None
    assert account is None or isinstance(account, AwsAccount)
    try:
        if account is None:
            given, role, external = _configured(stack), _configured_role(stack), None
        else:
            given, role, external = {"profile_name": account.profile}, account.role_arn, account.external_id
        external_id = stack.referenced(external).reveal() if external else None
    except ClosedSecretError as closed:
        raise _RefusedError(str(closed), "it is needed to log in: set it, or log in where it is") from None
    make: Callable[..., boto3.Session] = boto3.Session
    with _refusals("AWS"):
        session = make(region_name=stack.text("aws:region") or None, **{k: v for k, v in given.items() if v})
    if not role:
        return session
    terms = {"RoleArn": role, "RoleSessionName": _SESSION, **({"ExternalId": external_id} if external_id else {})}
    found = _call(session, "sts", "assume_role", readings, **terms)["Credentials"]
    return make(
        region_name=session.region_name,
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )


def _configured(stack: Stack) -> dict[str, str | None]:
    """What `aws:...` says of the login."""
    names = {
        "aws:accessKey": "aws_access_key_id",
        "aws:secretKey": "aws_secret_access_key",
        "aws:token": "aws_session_token",
    }
    found = {ours: stack.secret(key) for key, ours in names.items()}
    return {"profile_name": stack.text("aws:profile"), **{name: each.reveal() for name, each in found.items() if each}}


def _configured_role(stack: Stack) -> str | None:
    roles = stack.config.get("aws:assumeRoles")
    first = roles[0] if isinstance(roles, list) and roles and isinstance(roles[0], dict) else {}
    return first.get("roleArn") if isinstance(first.get("roleArn"), str) else None


class _RefusedError(Exception):
    """AWS refused, or there is nothing to ask it with."""

    def __init__(self, said: str, fix: str, *, answered: bool = False) -> None:
        self.said, self.fix, self.answered = said, fix, answered
        super().__init__(said)


def _call(
    session: "boto3.Session", service: str, operation: str, readings: list[ClockReading], **values: Any
) -> dict[str, Any]:
    """One call. Raises _RefusedError, or NotReachedError."""
    from botocore.exceptions import ClientError

    with _refusals(service):
        client = aws_client(session, service, session.region_name or "us-east-1", connect=4, read=8, attempts=2)
    where = urlsplit(client.meta.endpoint_url).netloc
    before, refused = time.time(), None
    try:
        with _refusals(where):
            answer: dict[str, Any] = getattr(client, operation)(**values)
    except ClientError as error:
        answer, refused = dict(error.response), error
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if found := clock.reading(where, date, before, time.time()):
        readings.append(found)
    if refused is None:
        return answer
    code = str(answer.get("Error", {}).get("Code", "")) or "refused"
    action = f"{service}:{''.join(word.title() for word in operation.split('_'))}"
    fix = _REFUSED.get(code, "look the code up in AWS's documentation")
    raise _RefusedError(f"{action} was refused ({code})", fix, answered=True) from None


@contextmanager
def _refusals(where: str) -> Iterator[None]:
    """botocore's errors, whose texts name endpoints and profiles and no credential, in our words."""
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except BotoCoreError as error:
        kind = type(error).__name__
        if kind == "SSLError":
            fix = "is there a proxy that opens TLS? AWS_CA_BUNDLE names the file of its authority"
            raise _RefusedError(f"the TLS certificate of {where} is not accepted", fix) from None
        if kind in _UNREACHED:
            raise NotReachedError(where, "no connection") from None
        if kind == "ProfileNotFound":
            raise _RefusedError(str(error), "name a profile of ~/.aws/config") from None
        raise _RefusedError(f"there are no credentials of AWS ({kind})", _NO_LOGIN) from None
