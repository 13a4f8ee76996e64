"""What Lightly's API accepts of an S3 datasource.

Read from the models of Lightly's own client, lightly 1.5.26, in `lightly/openapi_generated/swagger_client/models`, each
named at its rule; where AWS is stricter than Lightly its page is named too. A checker returns None or a Fault.
"""

import re

from lightly_core.aws import EXTERNAL_ID, KMS_KEY_ARN
from lightly_core.fault import Fault, did_you_mean

from lightly_access.kinds.s3 import access_key

S3_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-south-1", "ap-south-2"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ca-central-1", "cn-northwest-1"),
    *("eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2"),
    *("me-south-1", "me-central-1", "sa-east-1", "us-gov-east", "us-gov-west"),
)
"""The 30 values of s3_region.py. The last two are no region names of AWS: see `s3_region`."""

_OTHER_REGIONS = frozenset(
    {"ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "cn-north-1", "il-central-1"}
    | {"mx-central-1"}
)
"""Regions of AWS that Lightly does not list: no slip of the pen
(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)."""

AWS_REGIONS = (
    *(region for region in S3_REGIONS if not region.startswith("us-gov-")),
    *sorted(_OTHER_REGIONS),
    *("us-gov-east-1", "us-gov-west-1", "eusc-de-east-1"),
)
"""All of AWS's own names."""

CHINA_REGION = "cn-northwest-1"
"""The only region of another partition that Lightly lists. Role and KMS key ARNs start with `arn:aws-cn:` there, which
Lightly's patterns refuse, so access is by user keys and without a customer-managed key."""

_ROLE_ARN = re.compile(r"arn:aws:iam::[0-9]{12}:role/[\x21-\x7e]{1,576}")
_ACCESS_KEY_ID = re.compile(r"[A-Z0-9_]{16,128}")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}
PARTITION_HINT = (
    "Lightly's API takes ARNs of the partition 'aws' only, so roles and KMS keys of China (aws-cn) and GovCloud "
    "(aws-us-gov) cannot be registered"
)


def s3_region(value: str) -> Fault | None:
    """s3_region.py: an enum of 30, of which `us-gov-east` and `us-gov-west` are no regions of AWS.

    AWS calls them `us-gov-east-1` and `us-gov-west-1` (https://docs.aws.amazon.com/general/latest/gr/s3.html), which
    Lightly's list does not have, so GovCloud cannot be registered at all.
    """
    if value.startswith("us-gov-"):
        names = "'us-gov-east' and 'us-gov-west', which AWS does not know, where AWS says us-gov-east-1, us-gov-west-1"
        return Fault("a region that both AWS and Lightly know", f"for GovCloud Lightly's API lists {names}")
    if value in S3_REGIONS:
        return None
    usable = [region for region in S3_REGIONS if not region.startswith("us-gov-")]
    near = None if value in _OTHER_REGIONS else did_you_mean(value, usable)
    hint = near or "see S3_REGIONS in lightly_access/kinds/s3/rules.py"
    if re.fullmatch(r"[a-z]{2}-[a-z]+-[0-9]", value):
        unlisted = f"of AWS's regions Lightly's API lists {len(usable)}, not this one; its buckets cannot be registered"
        hint = f"{near} {unlisted[0].upper()}{unlisted[1:]}" if near else unlisted
    return Fault("a region that Lightly's API lists", hint)


def region_access(region: str, access: str) -> Fault | None:
    """Whether datasources in this region can be registered with `access` (`delegated` or `user`)."""
    if region == CHINA_REGION and access != "user":
        return Fault(f"user in {CHINA_REGION}", PARTITION_HINT)
    return None


def partition(region: str) -> str:
    """The AWS partition of a region: the second field of every ARN there."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def role_arn(value: str) -> Fault | None:
    """datasource_config_s3_delegated_access.py: at least 12 characters, `^arn:aws:iam::[0-9]{12}:role.+$`.

    What follows `role` is AWS's rule: `/`, a path of at most 512 printable characters, a name of at most 64
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    if _ROLE_ARN.fullmatch(value):
        return None
    foreign = value.startswith(("arn:aws-cn:", "arn:aws-us-gov:"))
    return Fault("the ARN of a role, arn:aws:iam::<12 digits>:role/<name>", PARTITION_HINT if foreign else None)


def external_id(value: str) -> Fault | None:
    """datasource_config_s3_delegated_access.py: at least 10 characters of `[a-zA-Z0-9_+=,.@:/-]`; AWS: at most 1224.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. It is a secret: never show it in a message.
    """
    if EXTERNAL_ID.fullmatch(value):
        return None
    return Fault("10 to 1224 characters of a-z A-Z 0-9 _ + = , . @ : / -", "let lightly:index:ExternalId make one")


def access_key_id(value: str) -> Fault | None:
    """datasource_config_s3.py: not empty. AWS: 16 to 128 word characters
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html); `ASIA...` ones are temporary."""
    if value.startswith("ASIA"):
        return Fault("the id of a user's access key", "ASIA... is a temporary credential, which ends within hours")
    if _ACCESS_KEY_ID.fullmatch(value) and not access_key.looks_like_secret(value):
        return None
    hint = access_key.SWAPPED if access_key.looks_like_secret(value) else None
    return Fault("the id of a user's access key, 16 to 128 of A-Z 0-9 _", hint)


def kms_key_arn(value: str, region: str | None = None) -> Fault | None:
    """datasource_config_s3.py: `^arn:aws:kms:[a-zA-Z0-9-]*:[0-9]{12}:key.+$`.

    An alias ARN does not fit. With `region`, the bucket's, the key must be in it: S3 takes no other
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    found = KMS_KEY_ARN.fullmatch(value)
    if not found:
        hint = None
        if value.startswith(("arn:aws-cn:", "arn:aws-us-gov:")):
            hint = PARTITION_HINT
        elif "alias/" in value:
            hint = "give the key, not its alias: aws kms describe-key --key-id alias/<name> --query KeyMetadata.Arn"
        return Fault("the ARN of a KMS key, arn:aws:kms:<region>:<12 digits>:key/<id>", hint)
    if region and found[1] != region:
        return Fault(f"a KMS key in {region}", "S3 encrypts only with a key in the bucket's own region")
    return None
