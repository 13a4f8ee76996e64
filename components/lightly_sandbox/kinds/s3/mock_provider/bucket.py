"""aws:s3/bucket:Bucket.

Its settings are resources of their own, as the SDK advises; the deprecated inline ones are refused.

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/ and `resourceBucketCreate` in
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go.
"""

from typing import Any

from botocore.exceptions import ClientError

from lightly_sandbox.kinds.s3.mock_provider import tags
from lightly_sandbox.kinds.s3.mock_provider.errors import GONE, code_of, found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError, RefusedError

# https://docs.aws.amazon.com/general/latest/gr/s3.html (website endpoints); a region that is not here has no zone
# output.
HOSTED_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
}
_OLDEST_REGION = "us-east-1"


def names(bucket: str, region: str, partition: str) -> Facts:
    """What follows from a bucket's name and region."""
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return {
        "bucket": bucket,
        "arn": f"arn:{partition}:s3:::{bucket}",
        "bucketDomainName": f"{bucket}.s3.{suffix}",
        "bucketRegionalDomainName": f"{bucket}.s3.{region}.{suffix}",
        "bucketRegion": region,
        "hostedZoneId": HOSTED_ZONES.get(region),
        "region": region,
    }


class Bucket:
    """Create, read, update and delete a bucket: two calls to make it with tags, one to read it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it, then tag it; a bucket that could not be tagged is half made."""
        bucket = inputs["bucket"]
        request: dict[str, Any] = {"Bucket": bucket}
        if work.region == _OLDEST_REGION:
            # There, S3 answers 200 to a second creation by the owner, and we would adopt a bucket that is not ours.
            if found(lambda: work.s3.head_bucket(Bucket=bucket)) is not None:
                raise RefusedError(
                    f"BucketAlreadyOwnedByYou: the bucket {bucket} exists\nhint: import it, or choose another name"
                )
        else:
            request["CreateBucketConfiguration"] = {"LocationConstraint": work.region}
        if inputs.get("objectLockEnabled"):
            request["ObjectLockEnabledForBucket"] = True
        work.patiently(lambda: work.s3.create_bucket(**request))
        made = names(bucket, work.region, work.partition)
        if tags.of(work, inputs):
            try:
                self._tag(work, bucket, inputs)
            except Exception as error:
                raise PartialCreateError(bucket, {**made, "tags": None, "tagsAll": {}}, error) from error
        return Created(bucket, {**made, **tags.given(work, inputs)})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """The tags are the one call of a refresh; an import also asks for the region."""
        region = state.get("bucketRegion")
        if region is None:
            head = found(lambda: work.s3.head_bucket(Bucket=id))
            if head is None:
                return None
            region = head.get("BucketRegion") or work.region
        try:
            listed = work.s3.get_bucket_tagging(Bucket=id)["TagSet"]
        except ClientError as error:
            if code_of(error) in GONE:
                return None
            if code_of(error) != "NoSuchTagSet":
                raise
            listed = []
        kept = {"objectLockEnabled": state.get("objectLockEnabled"), "bucketPrefix": state.get("bucketPrefix")}
        return Found(id, {**names(id, region, work.partition), **kept, **tags.facts(work, state, listed)})

    def update(self, work: Work, id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Only tags change in the cloud; `forceDestroy` is a wish about its end."""
        if changed & tags.EITHER:
            self._tag(work, id, inputs)
        return tags.given(work, inputs)

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """An empty bucket, or one that may be emptied."""
        try:
            found(lambda: work.patiently(lambda: work.s3.delete_bucket(Bucket=id)))
        except ClientError as error:
            if code_of(error) != "BucketNotEmpty":
                raise
            if not state.get("forceDestroy"):
                raise RefusedError(
                    f"BucketNotEmpty: the bucket {id} holds objects\nhint: move them away, or set forceDestroy"
                ) from error
            empty(work, id)
            found(lambda: work.patiently(lambda: work.s3.delete_bucket(Bucket=id), "BucketNotEmpty"))

    def _tag(self, work: Work, bucket: str, inputs: Facts) -> None:
        wanted = tags.as_list(tags.of(work, inputs))
        if wanted:
            work.patiently(
                lambda: work.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": wanted}), "NoSuchBucket"
            )
        else:
            work.patiently(lambda: work.s3.delete_bucket_tagging(Bucket=bucket))


def empty(work: Work, bucket: str, prefix: str = "", exactly: str | None = None) -> None:
    """Delete every version and marker below a prefix; only those of the key `exactly` when it is given."""
    for page in work.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        # Markers first: moto 5.2.5 fails on a key of which only a marker is left.
        versions: list[Any] = [*page.get("DeleteMarkers", []), *page.get("Versions", [])]
        doomed: list[Any] = [
            {"Key": version["Key"], "VersionId": version["VersionId"]}
            for version in versions
            if exactly in (None, version["Key"])
        ]
        if not doomed:
            continue
        answer = work.s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
        for failed in answer.get("Errors", []):
            told = f"{failed.get('Code')}: {failed.get('Message')}"
            raise RefusedError(f"{told} (operation DeleteObjects, object {failed.get('Key')})")
