"""Access for Lightly written by hand, as tutorials show it; `good` mends each thing."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

config = pulumi.Config("plain")
good = config.get_bool("good") or False
only = config.get("only")
LIGHTLY = "arn:aws:iam::916419735646:root"


def wanted(name: str) -> bool:
    return only in (None, name)


bucket = aws.s3.Bucket("lake", bucket="plain-lake", region="eu-central-1", force_destroy=good)
here: dict[str, Any] = {"bucket": bucket.bucket, "region": "eu-central-1"}
if good:
    aws.s3.BucketPublicAccessBlock(
        "private",
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        **here,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption", rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}], **here
    )
    aws.s3.BucketOwnershipControls("owner", rule={"object_ownership": "BucketOwnerEnforced"}, **here)
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::plain-lake", "arn:aws:s3:::plain-lake/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    aws.s3.BucketPolicy("tls", policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}), **here)

statement = {"Effect": "Allow", "Principal": {"AWS": LIGHTLY}, "Action": "sts:AssumeRole"}
if good:
    external_id = config.require_secret("externalId")
    condition = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}}
    trust = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{**statement, **condition}]})
else:
    trust = pulumi.Output.from_input(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
if wanted("role"):
    role = aws.iam.Role(
        "lightly-input", name="plain-lightly-input", assume_role_policy=trust, max_session_duration=43200
    )
    actions = ["s3:GetObject"] if good else ["s3:*"]
    allow = {"Sid": "Data", "Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::plain-lake/herd/*"}
    aws.iam.RolePolicy("reads", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
