"""Keys of S3 and of services that speak like it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from lightly_core.secret import Secret

from lightly_access.kinds.obstore_client import ObstoreClient, options
from lightly_access.kinds.probe import Client
from lightly_access.kinds.probe_credential import ProbeCredential
from lightly_access.kinds.s3 import access_key, protocol, rules
from lightly_access.kinds.verified import VerifiedAccess

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""Where AWS's own tools look for another endpoint
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html)."""


@dataclass(frozen=True, slots=True)
class S3Target:
    """A key of a bucket, and the path that it is for."""

    scheme: str
    """`s3` or `obs`, for messages."""
    bucket: str
    directory: str
    access_key_id: str
    secret_access_key: Secret
    region: str
    endpoint: str | None = None
    """The service's URL; None for AWS itself."""
    kms_key_arn: str | None = None
    whole_store: bool = False

    @property
    def place(self) -> str:
        """The bucket, as messages name it."""
        return f"{self.scheme}://{self.bucket}/"

    def client(self) -> Client:
        """A client that has this key and no other credential of the environment; each request is sent once."""
        from obstore.store import S3Store

        def credential() -> dict[str, Any]:
            secret = self.secret_access_key.reveal()
            return {"access_key_id": self.access_key_id, "secret_access_key": secret, "token": None, "expires_at": None}

        sealed: dict[str, Any] = {}
        if self.kms_key_arn:
            sealed = {"aws_server_side_encryption": "aws:kms", "aws_sse_kms_key_id": self.kms_key_arn}
        where: dict[str, Any] = {}
        if self.endpoint:
            where = {"endpoint": self.endpoint, "virtual_hosted_style_request": False}
        return ObstoreClient(
            S3Store(
                self.bucket,
                credential_provider=cast(Any, credential),
                region=self.region,
                skip_signature=False,
                # Not every S3-compatible service has the bulk request, and for one object it is of no use.
                disable_bulk_delete=True,
                **options(self.endpoint),
                **where,
                **sealed,
            )
        )


def _target(access: VerifiedAccess, entry: Mapping[str, Any]) -> S3Target:
    endpoint = entry.get("endpoint")
    if access.kind == "s3":
        endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), None)
    return S3Target(
        scheme=access.kind,
        bucket=access.bucket,
        directory=access.directory,
        access_key_id=entry["accessKeyId"],
        secret_access_key=Secret(entry["secretAccessKey"]),
        region=entry["region"],
        endpoint=endpoint,
        kms_key_arn=entry.get("kmsKeyArn"),
        whole_store=entry.get("wholeBucket") is True,
    )


S3 = ProbeCredential(
    rules={
        "accessKeyId": protocol.access_key_id,
        "secretAccessKey": access_key.secret_fault,
        "region": protocol.signing_region,
        "endpoint": protocol.endpoint,
        "kmsKeyArn": rules.kms_key_arn,
    },
    needed=("accessKeyId", "secretAccessKey", "region"),
    flags=("wholeBucket",),
    target=_target,
)
