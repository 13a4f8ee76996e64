"""A session of boto3 with the login that a deployment to an account of a manifest has, and one call with it.

Credentials are found as Pulumi's provider finds them: the stack's configuration `aws:...`, then the environment and its
profiles (https://www.pulumi.com/registry/packages/aws/installation-configuration/).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lightly_access.doctor import clock
from lightly_access.doctor.finding import ClockReading, NotReachedError
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.client import aws_client

if TYPE_CHECKING:
    import boto3

_SESSION = "lightly-access"
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


def logged_in(stack: Stack, owner: str | None, readings: list[ClockReading]) -> "boto3.Session":
    """Logged in as a deployment would be. Raises RefusedError."""
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
        raise RefusedError(str(closed), "it is needed to log in: set it, or log in where it is") from None
    make: Callable[..., boto3.Session] = boto3.Session
    with _refusals("AWS"):
        made = make(region_name=stack.text("aws:region") or None, **{k: v for k, v in given.items() if v})
    if not role:
        return made
    terms = {"RoleArn": role, "RoleSessionName": _SESSION, **({"ExternalId": external_id} if external_id else {})}
    found = call(made, "sts", "assume_role", readings, **terms)["Credentials"]
    return make(
        region_name=made.region_name,
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


class RefusedError(Exception):
    """AWS refused, or there is nothing to ask it with."""

    def __init__(self, said: str, fix: str, *, answered: bool = False) -> None:
        self.said, self.fix, self.answered = said, fix, answered
        super().__init__(said)


def call(
    session: "boto3.Session", service: str, operation: str, readings: list[ClockReading], **values: Any
) -> dict[str, Any]:
    """One call. Raises RefusedError, or NotReachedError."""
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
    raise RefusedError(f"{action} was refused ({code})", fix, answered=True) from None


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
            raise RefusedError(f"the TLS certificate of {where} is not accepted", fix) from None
        if kind in _UNREACHED:
            raise NotReachedError(where, "no connection") from None
        if kind == "ProfileNotFound":
            raise RefusedError(str(error), "name a profile of ~/.aws/config") from None
        raise RefusedError(f"there are no credentials of AWS ({kind})", _NO_LOGIN) from None
