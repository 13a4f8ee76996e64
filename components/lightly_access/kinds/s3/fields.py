"""The values of S3's tables, and of the options that only a policy of AWS knows."""

from collections.abc import Mapping
from typing import Annotated, Literal

from lightly_core.aws import BUCKET_PATTERN, MOST_OF_A_NETWORK, VPC_PATTERN
from lightly_core.fault import Fault
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from lightly_access.kinds.s3 import names, rules
from lightly_access.tables.fields import CLOUD_WORD, KIND_WORD, schema
from lightly_access.tables.rules import obeys, refuse


def _kms_key(value: str, info: ValidationInfo) -> str:
    region = info.data.get("region")
    fault = None
    if region == rules.CHINA_REGION:
        fault = Fault(f"no KMS key in {region}", rules.PARTITION_HINT)
    elif value != "create":
        fault = rules.kms_key_arn(value, region)
    elif info.data.get("create") is False:
        fault = Fault("the ARN of the key that its objects use", "create makes a key, and only with create: true")
    if fault:
        raise refuse(fault)
    return value


def _old_keys(value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if not set(value).isdisjoint({info.data.get("kms_key")}):
        raise refuse(Fault("the keys of before", f"{info.data['kms_key']} is the store's `kms_key`: it reads too"))
    if len(set(value)) < len(value) or len(value) > _MOST_OLD_KEYS:
        raise refuse(Fault(f"at most {_MOST_OLD_KEYS} keys, each once"))
    return value


def _profile(value: str) -> Fault | None:
    """A section of the AWS configuration: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"""
    good = value.isprintable() and value == value.strip() and value and not set("[]'\"") & set(value)
    return None if good else Fault("the name of a profile, as `aws configure list-profiles` shows it")


def _few(what: str) -> tuple[BeforeValidator, AfterValidator]:
    """A list, as YAML has it, of 1 to so many."""

    def check(values: tuple[str, ...]) -> Fault | None:
        most = MOST_OF_A_NETWORK
        return None if 1 <= len(values) <= most else Fault(f"1 to {most} {what}")

    return BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value), obeys(check)


def _somewhere(value: object, info: ValidationInfo) -> object:
    """A network has VPCs or addresses."""
    if value is None and info.data.get("vpc_ids", ()) is None:
        raise refuse(Fault("VPCs (vpc_ids), public addresses (cidrs) or both"))
    return value


_MOST_OLD_KEYS = 10
"""More would leave a policy no room for its path."""
_REGIONS = [region for region in rules.S3_REGIONS if rules.s3_region(region) is None]

S3Word = Annotated[Literal["s3"], KIND_WORD]
AwsWord = Annotated[Literal["aws"], CLOUD_WORD]
BucketName = Annotated[str, obeys(names.bucket_name), schema("string", pattern=BUCKET_PATTERN)]
Region = Annotated[str, obeys(rules.s3_region), schema("string", enum=_REGIONS)]
KmsKey = Annotated[
    str, AfterValidator(_kms_key), schema("string", pattern="^(create|arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+)$")
]
OldKmsKeys = Annotated[
    tuple[KmsKey, ...],
    BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),
    AfterValidator(_old_keys),
]
TagKey = Annotated[str, obeys(names.tag_key)]
TagValue = Annotated[str, obeys(names.tag_value), schema("string", maxLength=256)]
Tags = Annotated[Mapping[TagKey, TagValue], obeys(names.tags)]
RoleArn = Annotated[str, obeys(rules.role_arn), schema("string", pattern="^arn:aws:iam::[0-9]{12}:role/.+$")]
PolicyArn = Annotated[str, obeys(names.policy_arn), schema("string", pattern="^arn:[a-z-]+:iam::.+:policy/.+$")]
DeployerRole = Annotated[str, obeys(names.role_arn), schema("string", pattern="^arn:[a-z-]+:iam::[0-9]{12}:role/.+$")]
Profile = Annotated[str, obeys(_profile)]
VpcIds = Annotated[
    tuple[Annotated[str, obeys(names.vpc_id), schema("string", pattern=VPC_PATTERN)], ...], *_few("VPCs")
]
Cidrs = Annotated[tuple[Annotated[str, obeys(names.address_range)], ...], *_few("ranges of addresses")]
Somewhere = AfterValidator(_somewhere)
