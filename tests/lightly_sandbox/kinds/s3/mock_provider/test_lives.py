"""The whole life of each type against the local AWS, which authenticates and authorises.

Preview, create, second run, refresh, import, change, replace trigger, delete, delete again.
"""

import json
from collections.abc import Callable

import pytest
from lightly_core.pulumi_values import SecretValue
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES

from tests.lightly_sandbox.mock_providers.client import Made, Plugin
from tests.lightly_sandbox.mock_providers.life import Life, Surroundings, live

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "0123456789abcdef"}},
        }
    ],
}


def grant(*actions: str) -> str:
    statement = {"Sid": "Some", "Effect": "Allow", "Action": list(actions), "Resource": ["arn:aws:s3:::lake/*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def tls_only(bucket: str, sid: str) -> str:
    statement = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


Setting = Callable[["AwsSurroundings"], Life]


class AwsSurroundings(Surroundings):
    """What is made around a resource here."""

    def bucket(self) -> str:
        return self.make("aws:s3/bucket:Bucket", {}).id

    def role(self) -> str:
        return self.make("aws:iam/role:Role", {"assumeRolePolicy": json.dumps(TRUST)}).id

    def user(self) -> str:
        return self.make("aws:iam/user:User", {}).id

    def group(self) -> str:
        return self.make("aws:iam/group:Group", {}).id

    def key(self) -> Made:
        return self.make("aws:kms/key:Key", {"description": "around", "deletionWindowInDays": 7})


def bucket(around: AwsSurroundings) -> Life:
    name = f"acme-{around.tag}"
    return Life(
        {"bucket": name, "tags": {"team": "vision"}},
        {"bucket": name, "tags": {"team": "lidar", "stage": "test"}, "forceDestroy": True},
        {"bucket": f"{name}-2"},
        name,
        {
            "arn": f"arn:aws:s3:::{name}",
            "bucketDomainName": f"{name}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{name}.s3.eu-central-1.amazonaws.com",
            "region": "eu-central-1",
            "hostedZoneId": "Z21DNDUVLTQW6Q",
            "tagsAll": {"team": "vision"},
        },
    )


def access_block(around: AwsSurroundings) -> Life:
    name = around.bucket()
    return Life(
        {"bucket": name, "blockPublicAcls": True, "blockPublicPolicy": True},
        {"bucket": name, "blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": True},
        {"bucket": f"{name}-2"},
        name,
        {"restrictPublicBuckets": False},
    )


def ownership(around: AwsSurroundings) -> Life:
    name = around.bucket()
    return Life(
        {"bucket": name, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"bucket": name, "rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"bucket": f"{name}-2", "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        name,
    )


def encryption(around: AwsSurroundings) -> Life:
    name, key = around.bucket(), around.key()
    kms = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key["arn"]}
    return Life(
        {"bucket": name, "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        {"bucket": name, "rules": [{"applyServerSideEncryptionByDefault": kms, "bucketKeyEnabled": True}]},
        {"bucket": f"{name}-2", "rules": [{"applyServerSideEncryptionByDefault": kms}]},
        name,
        stays=True,  # a bucket goes back to SSE-S3, which S3 then names
    )


def bucket_policy(around: AwsSurroundings) -> Life:
    name = around.bucket()
    return Life(
        {"bucket": name, "policy": tls_only(name, "One")},
        {"bucket": name, "policy": tls_only(name, "Two")},
        {"bucket": f"{name}-2", "policy": tls_only(name, "One")},
        name,
    )


def versioning(around: AwsSurroundings) -> Life:
    name = around.bucket()
    return Life(
        {"bucket": name, "versioningConfiguration": {"status": "Enabled"}},
        {"bucket": name, "versioningConfiguration": {"status": "Suspended"}},
        {"bucket": f"{name}-2", "versioningConfiguration": {"status": "Enabled"}},
        name,
        stays=True,
    )


def lifecycle(around: AwsSurroundings) -> Life:
    name = around.bucket()
    uploads = {"id": "uploads", "status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
    versions = {
        "id": "versions",
        "status": "Enabled",
        "filter": {"prefix": "frames/"},
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
    }
    return Life(
        {"bucket": name, "rules": [uploads]},
        {"bucket": name, "rules": [uploads, versions]},
        {"bucket": f"{name}-2", "rules": [uploads]},
        name,
    )


def placeholder(around: AwsSurroundings) -> Life:
    name = around.bucket()
    return Life(
        {"bucket": name, "key": "projects/herd/", "content": ""},
        {"bucket": name, "key": "projects/herd/", "content": "{}", "contentType": "application/json"},
        {"bucket": name, "key": "projects/barn/", "content": ""},
        f"s3://{name}/projects/herd/",
        {"etag": "d41d8cd98f00b204e9800998ecf8427e", "arn": f"arn:aws:s3:::{name}/projects/herd/"},
    )


def role(around: AwsSurroundings) -> Life:
    name, trust = f"role-{around.tag}", json.dumps(TRUST)
    first = {"name": name, "assumeRolePolicy": trust, "maxSessionDuration": 43200, "path": "/lightly/"}
    other = json.dumps({**TRUST, "Statement": [{**TRUST["Statement"][0], "Sid": "Other"}]})  # type: ignore[dict-item] # JSON
    return Life(
        {**first, "tags": {"team": "vision"}},
        {**first, "assumeRolePolicy": other, "description": "reads images", "maxSessionDuration": 7200},
        {**first, "path": "/"},
        name,
        {"arn": f"arn:aws:iam::{ACCOUNT}:role/lightly/{name}", "description": "", "forceDetachPolicies": False},
    )


def role_policy(around: AwsSurroundings) -> Life:
    name = around.role()
    return Life(
        {"role": name, "name": "lightly", "policy": grant("s3:GetObject", "s3:PutObject")},
        {"role": name, "name": "lightly", "policy": grant("s3:GetObject")},
        {"role": name, "name": "other", "policy": grant("s3:GetObject")},
        f"{name}:lightly",
    )


def user(around: AwsSurroundings) -> Life:
    name = f"user-{around.tag}"
    return Life(
        {"name": name, "path": "/lightly/", "tags": {"team": "vision"}},
        {"name": f"{name}-renamed", "path": "/", "tags": {"stage": "test"}, "forceDestroy": True},
        {},
        name,
        {"arn": f"arn:aws:iam::{ACCOUNT}:user/lightly/{name}"},
        renamed=True,
    )


def group(around: AwsSurroundings) -> Life:
    name = f"group-{around.tag}"
    return Life(
        {"name": name},
        {"name": f"{name}-renamed", "path": "/lightly/"},
        {},
        name,
        {"arn": f"arn:aws:iam::{ACCOUNT}:group/{name}", "path": "/"},
        renamed=True,
    )


def group_policy(around: AwsSurroundings) -> Life:
    name = around.group()
    return Life(
        {"group": name, "name": "lightly", "policy": grant("s3:GetObject")},
        {"group": name, "name": "lightly", "policy": grant("s3:GetObject", "s3:PutObject")},
        {"group": f"{name}-2", "name": "lightly", "policy": grant("s3:GetObject")},
        f"{name}:lightly",
    )


def membership(around: AwsSurroundings) -> Life:
    name, one = around.user(), around.group()
    around.tag += "b"
    two = around.group()
    return Life(
        {"user": name, "groups": [one]},
        {"user": name, "groups": [two, one]},
        {"user": f"{name}-2", "groups": [one]},
        f"{name}/{one}",
        stays=True,
    )


def access_key(around: AwsSurroundings) -> Life:
    name = around.user()
    return Life({"user": name}, {"user": name, "status": "Inactive"}, {"user": f"{name}-2"}, "", {"status": "Active"})


def key(_world: Surroundings) -> Life:
    first = {"deletionWindowInDays": 7, "enableKeyRotation": True}
    return Life(
        {**first, "description": "results", "tags": {"team": "vision"}},
        {"deletionWindowInDays": 8, "description": "more", "isEnabled": True, "tags": {"stage": "test"}},
        {**first, "keyUsage": "SIGN_VERIFY", "customerMasterKeySpec": "RSA_2048"},
        "",
        {"keyUsage": "ENCRYPT_DECRYPT", "isEnabled": True, "multiRegion": False, "enableKeyRotation": True},
    )


def alias(around: AwsSurroundings) -> Life:
    one, two = around.key(), around.key()
    name = f"alias/lightly-{around.tag}"
    return Life(
        {"name": name, "targetKeyId": one["keyId"]},
        {"name": name, "targetKeyId": two["arn"]},
        {"name": f"{name}-2", "targetKeyId": one["keyId"]},
        name,
        {"targetKeyArn": one["arn"]},
    )


LIVES: dict[str, Setting] = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": access_block,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownership,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
    "aws:s3/bucketPolicy:BucketPolicy": bucket_policy,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
    "aws:s3/bucketObjectv2:BucketObjectv2": placeholder,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": role_policy,
    "aws:iam/user:User": user,
    "aws:iam/group:Group": group,
    "aws:iam/groupPolicy:GroupPolicy": group_policy,
    "aws:iam/userGroupMembership:UserGroupMembership": membership,
    "aws:iam/accessKey:AccessKey": access_key,
    "aws:kms/key:Key": key,
    "aws:kms/alias:Alias": alias,
}


def test_every_type_of_the_table_lives_here() -> None:
    assert LIVES.keys() == TYPES.keys()


@pytest.mark.parametrize("token", LIVES)
def test_the_life_of_a_resource(plugin: Plugin, token: str) -> None:
    around = AwsSurroundings(plugin)
    live(plugin, TYPES[token], LIVES[token](around))
    around.clear()


def test_secrets_of_an_access_key_are_secrets_on_the_wire_and_survive_a_refresh(plugin: Plugin) -> None:
    around = AwsSurroundings(plugin)
    made = plugin.create("aws:iam/accessKey:AccessKey", "key", {"user": around.user()})
    assert isinstance(made.outputs["secret"], SecretValue)
    assert isinstance(made.outputs["sesSmtpPasswordV4"], SecretValue)
    again = plugin.read(made)
    assert again is not None
    assert again.outputs == made.outputs
    plugin.delete(made)
    around.clear()
