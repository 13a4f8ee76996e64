"""Lightly's access to a customer's bucket: the identity it takes and the clients it makes.

For delegated access Lightly assumes the customer's role from its own account, with the external ID, for twelve hours
("set the maximum session duration to 12 hours", https://docs.lightly.ai/docs/aws-s3): a role that allows less refuses
the call. Nothing is kept from one verification to the next, so what was revoked is seen at once.

Clients look at nothing in the environment or the home directory of whoever runs this, and each request is sent once.
"""

import contextlib
import functools
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from lightly_access.kinds.s3.no_redirects import without_redirects
from lightly_core.lightly_rules import SESSION_SECONDS

from lightly_sandbox.kinds.storage import Storage
from lightly_sandbox.lightly.findings import Findings
from lightly_sandbox.lightly.models import S3, S3DelegatedAccess
from lightly_sandbox.lightly.paths import Directory, directory
from lightly_sandbox.lightly.probe import ENOUGH, look

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TRIES = " (reached max retries: 0)"
_CONFIG = Config(
    connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"}
)
_NO_ENVIRONMENT = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
_MAKING = threading.Lock()  # of clients, for which a session is not thread-safe


@functools.cache
def _session() -> botocore.session.Session:
    """One for all clients: it has AWS's descriptions of its services, and no credential."""
    session = botocore.session.Session(session_vars=_NO_ENVIRONMENT)
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session


@dataclass(frozen=True, slots=True)
class Key:
    """An access key, with a token when it belongs to a session."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class S3Storage(Storage):
    """The endpoint of all services, and an administrator of Lightly's own account."""

    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    types = (S3, S3DelegatedAccess)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self | None:
        """From the table `aws`."""
        return cls(**settings["aws"]) if "aws" in settings else None

    @classmethod
    def check(cls, source: S3 | S3DelegatedAccess) -> None:
        directory(source.full_path, "s3")

    def look(self, source: S3 | S3DelegatedAccess, *, writing: bool) -> Findings:
        where = directory(source.full_path, "s3")
        who = source.s3_arn if isinstance(source, S3DelegatedAccess) else f"access key {source.s3_access_key_id}"
        return look(S3Place(where, who), lambda: self._entered(source, where), words, writing=writing)

    @contextlib.contextmanager
    def _entered(self, source: S3 | S3DelegatedAccess, where: Directory) -> Iterator["S3Door"]:
        """The credential at work. Raises botocore's errors."""
        with client("s3", self.endpoint, source.s3_region, self._key_for(source)) as s3:
            yield S3Door(s3, where.bucket, source.kms_key_arn)

    def _key_for(self, source: S3 | S3DelegatedAccess) -> Key:
        """The registered key, or that of a fresh session of the registered role. Raises botocore's errors."""
        if isinstance(source, S3):
            return Key(source.s3_access_key_id, source.s3_secret_access_key)
        with client("sts", self.endpoint, self.region, Key(self.access_key_id, self.secret_access_key)) as sts:
            issued = sts.assume_role(
                RoleArn=source.s3_arn,
                RoleSessionName="lightly-verify",
                ExternalId=source.s3_external_id,
                DurationSeconds=SESSION_SECONDS,
            )["Credentials"]
        return Key(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])


def words(error: Exception) -> str | None:
    """What AWS said; botocore appends how often it tried, which AWS did not say."""
    return str(error).replace(_TRIES, "") if isinstance(error, ClientError | BotoCoreError) else None


@dataclass(frozen=True, slots=True)
class S3Place:
    """The directory, and who Lightly is there."""

    directory: Directory
    who: str

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


@contextlib.contextmanager
def client(service: str, endpoint: str, region: str, key: Key, *, stays: bool = True) -> Iterator[Any]:
    """A client of a service, with this key and nothing else."""
    with _MAKING:
        made = _session().create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret_access_key,
            aws_session_token=key.token,
            config=_CONFIG,
        )
    try:
        yield without_redirects(made) if stays else made
    finally:
        made.close()
