"""Lightly's way into a customer's bucket: the identity it takes and the clients it makes.

For delegated access Lightly assumes the customer's role from its own account, with the external ID, for twelve hours
("set the maximum session duration to 12 hours", https://docs.lightly.ai/docs/aws-s3): a role that allows less refuses
the call. Nothing is kept from one verification to the next, so what was revoked is seen at once.

An S3-compatible service ("OBS") is reached at its registered endpoint with the registered key. Lightly is told no
region for it: requests are signed for `us-east-1`, and for another one when the service names it.

Clients look at nothing in the environment or the home directory of whoever runs this, and each request is sent once.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader

from lightly_sandbox.lightly.models import S3, Obs, S3DelegatedAccess
from lightly_sandbox.lightly.paths import Directory, directory
from lightly_sandbox.lightly.probe import ENOUGH

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Bucket = S3 | S3DelegatedAccess | Obs
"""The datasources that are reached through S3's API."""
OBS_REGION = "us-east-1"
TWELVE_HOURS = 43200
_TRIES = " (reached max retries: 0)"
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"total_max_attempts": 1},
    proxies={},
    s3={"addressing_style": "path"},
)
_NO_ENVIRONMENT = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
# AWS's service descriptions, read once; no credential is in there.
_LOADER = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@dataclass(frozen=True, slots=True)
class Aws:
    """The endpoint of all services, and an administrator of Lightly's own account."""

    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> "Aws":
        """From the `aws` table of the settings line."""
        return cls(**{name: settings[name] for name in ("endpoint", "region", "access_key_id", "secret_access_key")})


@dataclass(frozen=True, slots=True)
class Key:
    """An access key, with a token when it belongs to a session."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


def identity(source: Bucket) -> str:
    """Who Lightly is in the customer's account: the role's ARN, or the id of the access key."""
    match source:
        case S3DelegatedAccess():
            return source.s3_arn
        case Obs():
            return f"access key {source.obs_access_key_id}"
    return f"access key {source.s3_access_key_id}"


def scheme(source: Bucket) -> str:
    """How its `fullPath` begins."""
    return "obs" if isinstance(source, Obs) else "s3"


def key_for(source: Bucket, aws: Aws) -> Key:
    """The registered key, or that of a fresh session of the registered role. Raises botocore's errors."""
    if isinstance(source, Obs):
        return Key(source.obs_access_key_id, source.obs_secret_access_key)
    if isinstance(source, S3):
        return Key(source.s3_access_key_id, source.s3_secret_access_key)
    sts = _client("sts", aws.endpoint, aws.region, Key(aws.access_key_id, aws.secret_access_key))
    issued = sts.assume_role(
        RoleArn=source.s3_arn,
        RoleSessionName="lightly-verify",
        ExternalId=source.s3_external_id,
        DurationSeconds=TWELVE_HOURS,
    )["Credentials"]
    return Key(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])


@contextlib.contextmanager
def entered(source: Bucket, aws: Aws) -> Iterator["S3Door"]:
    """The credential at work. Raises botocore's errors."""
    client = s3_client(source, aws)
    try:
        kms_key = None if isinstance(source, Obs) else source.kms_key_arn
        yield S3Door(client, directory(source.full_path, scheme(source)).bucket, kms_key)
    finally:
        client.close()


def words(error: Exception) -> str | None:
    """What AWS said; botocore appends how often it tried, which AWS did not say."""
    return str(error).replace(_TRIES, "") if isinstance(error, ClientError | BotoCoreError) else None


@dataclass(frozen=True, slots=True)
class S3Place:
    """The directory, and who Lightly is there."""

    directory: Directory
    who: str

    @classmethod
    def of(cls, source: Bucket) -> "S3Place":
        """Where a datasource is."""
        return cls(directory(source.full_path, scheme(source)), identity(source))

    @property
    def prefix(self) -> str:
        return self.directory.prefix

    def named(self, key: str) -> str:
        return f"{self.directory.scheme}://{self.directory.bucket}/{key} as {self.who}"


class _Sealed(TypedDict, total=False):
    ServerSideEncryption: Literal["aws:kms"]
    SSEKMSKeyId: str


@dataclass(frozen=True, slots=True)
class S3Door:
    """A bucket with the registered credential."""

    client: "S3Client"
    bucket: str
    kms_key: str | None

    def list(self, prefix: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=ENOUGH)
        return [item["Key"] for item in found.get("Contents", ())]

    def read(self, key: str) -> None:
        with contextlib.closing(self.client.get_object(Bucket=self.bucket, Key=key)["Body"]) as body:
            body.read(1)

    def write(self, key: str, content: bytes) -> None:
        sealed: _Sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.kms_key} if self.kms_key else {}
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, **sealed)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def absent(self, error: Exception) -> bool:
        return isinstance(error, self.client.exceptions.NoSuchKey)


def s3_client(source: Bucket, aws: Aws) -> "S3Client":
    """An S3 client that acts with the registered credential, where it is registered. Raises botocore's errors."""
    if isinstance(source, Obs):
        endpoint, region = source.obs_endpoint, OBS_REGION
    else:
        endpoint, region = aws.endpoint, source.s3_region
    client: S3Client = _client("s3", endpoint, region, key_for(source, aws))
    return client


def _client(service: str, endpoint: str, region: str, key: Key) -> Any:
    session = botocore.session.Session(session_vars=_NO_ENVIRONMENT)
    session.register_component("data_loader", _LOADER)
    return session.create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        aws_session_token=key.token,
        config=_CONFIG,
    )
