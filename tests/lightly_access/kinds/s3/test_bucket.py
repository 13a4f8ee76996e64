import json
from typing import Any

import pulumi
import pytest
from lightly_access.kinds.s3.components import S3Bucket, S3BucketArgs

from tests.lightly_access.recording import Recording, record

HERE: S3BucketArgs = {"bucket": "acme-results", "region": "eu-central-1"}


def registered(args: S3BucketArgs) -> Recording:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        bucket = S3Bucket("results", args)
        bucket.directory("images/")
        bucket.directory("images/")
        made = [getattr(prerequisite, "urn") for prerequisite in bucket.prerequisites]  # noqa: B009
        return pulumi.Output.all(bucket.kms_key_arn, *made)

    program()
    return recording


def test_an_adopted_bucket_is_never_touched() -> None:
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return S3Bucket("lake", {**HERE, "kms_key": "arn:aws:kms:eu-central-1:123456789012:key/2"}).kms_key_arn

    program()
    assert set(recording.found) == {"lightly-access:aws:S3Bucket"}


def test_a_created_bucket_is_hardened() -> None:
    recording = registered({**HERE, "create": True})
    block = recording.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[flag] for flag in flags] == [True] * 4
    ownership = recording.only("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    encryption = recording.only(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    )
    assert encryption["rules"] == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    (statement,) = json.loads(recording.only("aws:s3/bucketPolicy:BucketPolicy")["policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    lifecycle = recording.only("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    assert lifecycle["rules"][0]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert "aws:s3/bucketVersioning:BucketVersioning" not in recording.found
    assert recording.only("aws:s3/bucket:Bucket")["forceDestroy"] is False


def test_a_key_of_its_own_rotates_and_encrypts_the_bucket_with_a_bucket_key() -> None:
    recording = registered({**HERE, "create": True, "kms_key": "create", "tags": {"team": "vision"}})
    key = recording.only("aws:kms/key:Key")
    assert key["enableKeyRotation"] is True
    assert key["tags"] == {"team": "vision", "lightly-access": "acme/test"}
    assert "arn:aws:iam::123456789012:root" in key["policy"]
    (rule,) = recording.only("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")[
        "rules"
    ]
    assert rule["bucketKeyEnabled"] is True
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1",
    }


def test_versioning_and_the_expiry_of_old_versions_are_options() -> None:
    recording = registered({**HERE, "create": True, "versioning": True, "noncurrent_days": 30})
    versioning = recording.only("aws:s3/bucketVersioning:BucketVersioning")
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    rules = recording.only("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
    assert rules[1]["expiration"] == {"expiredObjectDeleteMarker": True}
    assert rules[2]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


@pytest.mark.parametrize("create", [True, False])
def test_a_directory_is_one_empty_object_however_many_datasets_ask_for_it(create: bool) -> None:
    directory = registered({**HERE, "create": create}).only("aws:s3/bucketObjectv2:BucketObjectv2")
    assert (directory["key"], directory["content"]) == ("images/", "")
