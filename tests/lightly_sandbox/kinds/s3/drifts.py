"""What somebody may do to our resources in AWS behind our back, and what a provider has to see of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lightly_access.naming import physical_name
from lightly_core.capability import Purpose

from tests.lightly_sandbox.kinds.s3.emulator.aws import Aws, allow, trust

LAKE, BARN, YARD = "acme-lake", "acme-barn", "acme-yard"
INPUT, LIGHTLY = (physical_name("acme", "test", "cows", purpose) for purpose in Purpose)
"""The roles."""
HENS, CHICKS = (physical_name("acme", "test", "hens", purpose) for purpose in Purpose)
"""The users, and their groups: of INPUT and of LIGHTLY."""
WHOLE = {"Status": "Enabled", "Filter": {"Prefix": ""}}
UPLOADS = {**WHOLE, "ID": "abort-incomplete-uploads", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}


@dataclass(frozen=True)
class Drift:
    """The type and name in AWS of what is touched, the property that is another then (`GONE`: all of it), and how."""

    type: str
    named: str
    property: str
    happen: Callable[[], Any]


GONE = "gone"


def _lifecycle(aws: Aws, bucket: str, *rules: dict[str, Any]) -> Drift:
    def put() -> None:
        aws.client("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [*rules]})

    return Drift("aws_s3_bucket_lifecycle_configuration", bucket, "rules", put)


def _key(aws: Aws) -> str:
    keys = aws.client("kms").list_keys()["Keys"]
    (mine,) = [
        key["KeyId"]
        for key in keys
        if aws.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    ]
    return str(mine)


def changed(aws: Aws) -> list[Drift]:
    """Other values."""
    s3, iam, kms, key = aws.client("s3"), aws.client("iam"), aws.client("kms"), _key(aws)
    document = json.loads(s3.get_bucket_policy(Bucket=LAKE)["Policy"])
    other = json.dumps({**document, "Statement": [{**document["Statement"][0], "Sid": "Other"}]})
    flags = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls"), True)
    aes = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    default = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    wider = json.dumps({**default, "Statement": default["Statement"][:1]})
    team = [{"Key": "team", "Value": "other"}]
    tags = [*team, {"Key": "of-others", "Value": "too"}]
    narrowed = {**UPLOADS, "Filter": {"Prefix": "some/"}}
    by_date = {**UPLOADS, "Expiration": {"Date": "2031-01-01T00:00:00Z"}}
    colder = {**UPLOADS, "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]}
    placeholder = f"{LAKE}/lightly/cows/"
    return [
        Drift("aws_s3_bucket", LAKE, "tags", lambda: s3.put_bucket_tagging(Bucket=LAKE, Tagging={"TagSet": team})),
        Drift("aws_s3_bucket_public_access_block", LAKE, "restrictPublicBuckets",
              lambda: s3.put_public_access_block(Bucket=LAKE, PublicAccessBlockConfiguration=flags)),
        Drift("aws_s3_bucket_ownership_controls", LAKE, "rule",
              lambda: s3.put_bucket_ownership_controls(
                  Bucket=LAKE, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})),
        Drift("aws_s3_bucket_server_side_encryption_configuration", LAKE, "rules",
              lambda: s3.put_bucket_encryption(Bucket=LAKE, ServerSideEncryptionConfiguration=aes)),
        Drift("aws_s3_bucket_versioning", LAKE, "versioningConfiguration",
              lambda: s3.put_bucket_versioning(Bucket=LAKE, VersioningConfiguration={"Status": "Suspended"})),
        Drift("aws_s3_bucket_policy", LAKE, "policy", lambda: s3.put_bucket_policy(Bucket=LAKE, Policy=other)),
        _lifecycle(aws, LAKE, colder),
        _lifecycle(aws, BARN, narrowed),
        _lifecycle(aws, YARD, by_date),
        Drift("aws_s3_object", placeholder, "tags",
              lambda: s3.put_object_tagging(Bucket=LAKE, Key="lightly/cows/", Tagging={"TagSet": team})),
        Drift("aws_kms_key", "", "isEnabled", lambda: kms.disable_key(KeyId=key)),
        Drift("aws_kms_key", "", "enableKeyRotation", lambda: kms.disable_key_rotation(KeyId=key)),
        Drift("aws_kms_key", "", "description",
              lambda: kms.update_key_description(KeyId=key, Description="of somebody else")),
        Drift("aws_kms_key", "", "policy",
              lambda: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=wider)),
        Drift("aws_kms_key", "", "tags",
              lambda: kms.tag_resource(
                  KeyId=key, Tags=[{"TagKey": each["Key"], "TagValue": each["Value"]} for each in tags])),
        Drift("aws_iam_role", INPUT, "maxSessionDuration",
              lambda: iam.update_role(RoleName=INPUT, MaxSessionDuration=3600,
                                      Description=iam.get_role(RoleName=INPUT)["Role"]["Description"])),
        Drift("aws_iam_role", LIGHTLY, "description",
              lambda: iam.update_role_description(RoleName=LIGHTLY, Description="of somebody else")),
        Drift("aws_iam_role", LIGHTLY, "assumeRolePolicy",
              lambda: iam.update_assume_role_policy(
                  RoleName=LIGHTLY, PolicyDocument=trust({"AWS": "arn:aws:iam::666666666666:root"}))),
        Drift("aws_iam_role", LIGHTLY, "tags", lambda: iam.tag_role(RoleName=LIGHTLY, Tags=tags)),
        Drift("aws_iam_role", LIGHTLY, "permissionsBoundary",
              lambda: iam.delete_role_permissions_boundary(RoleName=LIGHTLY)),
        Drift("aws_iam_user", HENS, "permissionsBoundary",
              lambda: iam.delete_user_permissions_boundary(UserName=HENS)),
        Drift("aws_iam_role_policy", f"{INPUT}:lightly-input", "policy",
              lambda: iam.put_role_policy(
                  RoleName=INPUT, PolicyName="lightly-input", PolicyDocument=allow("s3:*"))),
        Drift("aws_iam_user", HENS, "tags", lambda: iam.tag_user(UserName=HENS, Tags=tags)),
        Drift("aws_iam_group_policy", f"{HENS}:lightly-input", "policy",
              lambda: iam.put_group_policy(
                  GroupName=HENS, PolicyName="lightly-input", PolicyDocument=allow("s3:*"))),
        Drift("aws_iam_user_group_membership", CHICKS, "groups",
              lambda: iam.remove_user_from_group(GroupName=CHICKS, UserName=CHICKS)),
        Drift("aws_iam_access_key", HENS, "status",
              lambda: iam.update_access_key(UserName=HENS, AccessKeyId=_access_key(iam, HENS), Status="Inactive")),
    ]  # fmt: skip


def removed(aws: Aws) -> list[Drift]:
    """What is not there any more, and rules that say something else in other ways."""
    s3, iam = aws.client("s3"), aws.client("iam")
    small = {**UPLOADS, "Filter": {"ObjectSizeLessThan": 1000}}
    kept = {
        **WHOLE,
        "ID": "expire-old-versions",
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 5},
    }
    placeholder = f"{BARN}/out/hens/"
    return [
        Drift("aws_s3_bucket", LAKE, "tags", lambda: s3.delete_bucket_tagging(Bucket=LAKE)),
        Drift("aws_s3_bucket_public_access_block", LAKE, GONE, lambda: s3.delete_public_access_block(Bucket=LAKE)),
        Drift("aws_s3_bucket_ownership_controls", BARN, GONE,
              lambda: s3.delete_bucket_ownership_controls(Bucket=BARN)),
        Drift("aws_s3_bucket_server_side_encryption_configuration", LAKE, "rules",
              lambda: s3.delete_bucket_encryption(Bucket=LAKE)),
        Drift("aws_s3_bucket_policy", BARN, GONE, lambda: s3.delete_bucket_policy(Bucket=BARN)),
        _lifecycle(aws, LAKE, UPLOADS, kept),
        _lifecycle(aws, YARD, small),
        Drift("aws_s3_bucket_lifecycle_configuration", BARN, GONE, lambda: s3.delete_bucket_lifecycle(Bucket=BARN)),
        Drift("aws_s3_object", placeholder, GONE, lambda: s3.delete_object(Bucket=BARN, Key="out/hens/")),
        Drift("aws_iam_role", INPUT, "tags", lambda: iam.untag_role(RoleName=INPUT, TagKeys=["team"])),
        Drift("aws_iam_role_policy", f"{LIGHTLY}:lightly-lightly", GONE,
              lambda: iam.delete_role_policy(RoleName=LIGHTLY, PolicyName="lightly-lightly")),
        Drift("aws_iam_user", CHICKS, "permissionsBoundary",
              lambda: iam.put_user_permissions_boundary(
                  UserName=CHICKS, PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
        Drift("aws_iam_group_policy", f"{CHICKS}:lightly-lightly", GONE,
              lambda: iam.delete_group_policy(GroupName=CHICKS, PolicyName="lightly-lightly")),
        Drift("aws_iam_access_key", HENS, GONE,
              lambda: iam.delete_access_key(UserName=HENS, AccessKeyId=_access_key(iam, HENS))),
    ]  # fmt: skip


def _access_key(iam: Any, user: str) -> str:
    (key,) = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return str(key["AccessKeyId"])
