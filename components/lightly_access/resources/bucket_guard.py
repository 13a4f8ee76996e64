"""`lightly:index:BucketGuard`, typed."""

from collections.abc import Mapping

from lightly_core.resource_types.bucket_guard import BUCKET_GUARD
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class BucketGuard(LightlyResource, row=BUCKET_GUARD):
    """Stands before a bucket of S3, with its KMS key, or of Cloud Storage. It makes nothing.

    On delete it removes what we left there ourselves, with all old versions and delete markers: probe objects and
    deleted placeholders. It refuses when the bucket holds anything else and `force_destroy` is not set. An update that
    would give up the key is refused as long as objects need it; a preview says so, and names the date when the key
    waits for its deletion.

    `get` is refused: there is nothing to read.
    """

    kind: Output[str | None]
    bucket: Output[str]
    region: Output[str]
    kms_key_arn: Output[str | None]
    force_destroy: Output[bool]
    login: Output[Mapping[str, str] | None]

    def __init__(
        self,
        resource_name: str,
        *,
        kind: Input[str] | None = None,
        bucket: Input[str] | None = None,
        region: Input[str] | None = None,
        kms_key_arn: Input[str] | None = None,
        force_destroy: Input[bool] | None = None,
        login: Input[Mapping[str, Input[str]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            opts,
            kind=kind,
            bucket=bucket,
            region=region,
            kms_key_arn=kms_key_arn,
            force_destroy=force_destroy,
            login=login,
        )
