"""boto3 clients for the local AWS, as whoever holds a credential would make them."""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from lightly_access.kinds.s3.no_redirects import without_redirects
from lightly_core.secret import Secret

from lightly_sandbox.sandbox import REGION, Sandbox

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

_CONFIG = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, parameter_validation=False)


@cache
def _session() -> boto3.Session:
    """One for all identities: it holds the services' models, which are slow to read."""
    return boto3.Session(region_name=REGION)


class Aws:
    """One identity's clients."""

    def __init__(self, sandbox: Sandbox, key_id: str, secret: Secret, session_token: Secret | None = None) -> None:
        self._endpoint = sandbox.aws.url
        self._key_id, self._secret, self._session_token = key_id, secret, session_token

    def client(self, service: Any, region: str = REGION, *, stays: bool = True) -> Any:
        """Of a service in a region; with `stays` it follows to no other one."""
        made = _session().client(
            service,
            region_name=region,
            endpoint_url=self._endpoint,
            config=_CONFIG,
            aws_access_key_id=self._key_id,
            aws_secret_access_key=self._secret.reveal(),
            aws_session_token=self._session_token.reveal() if self._session_token else None,
        )
        return without_redirects(made) if stays else made

    @cached_property
    def s3(self) -> "S3Client":
        """Its S3."""
        client: S3Client = self.client("s3")
        return client

    @cached_property
    def sts(self) -> "STSClient":
        client: STSClient = self.client("sts")
        return client

    @cached_property
    def iam(self) -> "IAMClient":
        client: IAMClient = self.client("iam")
        return client


def account(sandbox: Sandbox, name: str) -> Aws:
    """The administrator of `customer`, `lightly`, `stranger` or `archive`; of another owner's account by its id."""
    known = sandbox.accounts[name]
    return Aws(sandbox, known.access_key_id, known.secret_access_key)


def administrator(sandbox: Sandbox, id: str) -> Aws:
    """The same by the account's id."""
    return account(sandbox, next(name for name, known in sandbox.accounts.items() if known.account == id))


def make_bucket(s3: "S3Client", name: str, region: str = REGION) -> None:
    """A bucket in a region, as its owner makes one; us-east-1 is nowhere in particular to S3."""
    where: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **where)


def listings(owner: Aws, regions: Mapping[str, str]) -> dict[str, frozenset[tuple[str, str]]]:
    """Every bucket of the account, with the keys and tags of its objects; `regions` has those of buckets elsewhere."""
    found = {}
    for bucket in (each["Name"] for each in owner.s3.list_buckets()["Buckets"]):
        s3 = owner.client("s3", regions.get(bucket, REGION))
        found[bucket] = frozenset(
            (each["Key"], each["ETag"]) for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        )
    return found


def refusal(error: Exception) -> str | None:
    """The code of an answer that means "you may not", or None when the call failed for another reason."""
    if not isinstance(error, ClientError):
        return None
    code = error.response.get("Error", {}).get("Code", "")
    refused = ("AccessDenied", "InvalidAccessKeyId", "InvalidClientTokenId", "ExpiredToken", "Forbidden", "403")
    return code if code in refused else None
