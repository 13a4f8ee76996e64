"""What the scenarios are written in: an AWS with users, roles and buckets, behind the gateway or as plain moto."""

import contextlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-central-1"
ALLOWED = "allowed"


@dataclass(frozen=True)
class Keys:
    """Credentials."""

    id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


def statement(effect: str, action: Any, resource: Any = None, **more: Any) -> dict[str, Any]:
    """One statement of a policy."""
    found = {"Effect": effect, "Action": action, **more}
    return found if resource is None else {**found, "Resource": resource}


def policy(*statements: dict[str, Any]) -> str:
    """A policy of these statements as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> str:
    """A policy that allows one thing."""
    return policy(statement("Allow", action, resource, **more))


def trust(principal: Any, **condition: Any) -> str:
    """A trust policy."""
    more = {"Condition": condition} if condition else {}
    return policy(statement("Allow", "sts:AssumeRole", Principal=principal, **more))


def attempt(call: Callable[[], Any]) -> str:
    """`allowed`, or the code of the refusal."""
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ALLOWED


@dataclass
class Aws:
    """An AWS and its administrators. Names carry a random part: the scenarios share the server."""

    endpoint: str | None
    accounts: dict[str, dict[str, str]] = field(repr=False)
    tag: str = field(default_factory=lambda: secrets.token_hex(4))

    def admin(self, name: str = "customer") -> Keys:
        account = self.accounts[name]
        return Keys(account["access_key_id"], account["secret_access_key"])

    def client(self, service: str, keys: Keys | None = None, region: str = REGION, **config: Any) -> Any:
        keys = keys or self.admin()
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service: the answers are read as plain dictionaries
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=keys.id,
            aws_secret_access_key=keys.secret,
            aws_session_token=keys.token,
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def name(self, what: str) -> str:
        return f"{what}-{self.tag}"

    def user(self, *documents: str, boundary: str | None = None, what: str = "user", account: str = "customer") -> Keys:
        iam, name = self.client("iam", self.admin(account)), self.name(what)
        iam.create_user(UserName=name, **({"PermissionsBoundary": boundary} if boundary else {}))
        for index, document in enumerate(documents):
            iam.put_user_policy(UserName=name, PolicyName=f"p{index}", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Keys(key["AccessKeyId"], key["SecretAccessKey"])

    def role(self, trusting: str, *documents: str, what: str = "role", **more: Any) -> str:
        iam, name = self.client("iam"), self.name(what)
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusting, **more)["Role"]["Arn"]
        for index, document in enumerate(documents):
            iam.put_role_policy(RoleName=name, PolicyName=f"p{index}", PolicyDocument=document)
        return arn

    def managed(self, document: str) -> str:
        created = self.client("iam").create_policy(PolicyName=self.name("managed"), PolicyDocument=document)
        return str(created["Policy"]["Arn"])

    def assume(self, keys: Keys, role: str, **more: Any) -> Keys:
        sts = self.client("sts", keys, parameter_validation=False)  # the server is to authorise, not botocore
        found = sts.assume_role(RoleArn=role, RoleSessionName="session", **more)["Credentials"]
        return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    def bucket(self, *keys: str, what: str = "bucket", document: str | None = None) -> str:
        s3, name = self.client("s3"), self.name(what)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        for key in keys:
            s3.put_object(Bucket=name, Key=key, Body=b"data")
        if document:
            s3.put_bucket_policy(Bucket=name, Policy=document)
        return name

    def user_arn(self, what: str = "user") -> str:
        return f"arn:aws:iam::{self.accounts['customer']['account']}:user/{self.name(what)}"


@contextlib.contextmanager
def plain_moto() -> Iterator[Aws]:
    """moto alone, with its own authentication and authorisation on, as `reset-auth` of its server would."""
    from lightly_sandbox.kinds.s3.emulator.accounts import make_administrators
    from moto import mock_aws, settings
    from moto.core.authorization import ActionAuthenticatorMixin

    before = settings.INITIAL_NO_AUTH_ACTION_COUNT
    with mock_aws():
        aws = Aws(None, make_administrators())
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        ActionAuthenticatorMixin.request_count = 0
        try:
            yield aws
        finally:
            settings.INITIAL_NO_AUTH_ACTION_COUNT = before
