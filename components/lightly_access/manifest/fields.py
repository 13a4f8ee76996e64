"""The kinds of values that the manifest's tables hold: each a type with the rule that it obeys and its JSON Schema."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from lightly_core import directory, lightly_rules
from lightly_core.fault import Fault, did_you_mean, one_of
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from lightly_access import secret_refs
from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.local import names as local_names
from lightly_access.kinds.s3 import names as s3_names
from lightly_access.manifest.rules import obeys, refuse, word

STORES = "stores"
"""The key of the validation context that holds the names of the declared stores."""

ACCOUNTS = "accounts"
"""Likewise the names of the accounts."""

KINDS = tuple(lightly_rules.ACCESSES)
"""Kinds of stores."""

CLOUDS = {"s3": "aws", "azure": "azure", "gcs": "gcp"}
"""The cloud of each kind of store that an account can own."""

SAS_METHODS = ("stored_policy", "user_delegation")
USER_DELEGATION_DAYS = 6
"""A user delegation SAS is valid for 7 days at most; one day is left for the deployment that replaces it.
https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas"""

STORE_NAME_PATTERN = "^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$"
_STORE_NAME = re.compile(STORE_NAME_PATTERN)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00:00(?:Z| \+0000 UTC)?)?")


def store_name(value: str) -> Fault | None:
    """Ours: the name is part of the names that Pulumi shows, so it is short and plain."""
    if _STORE_NAME.fullmatch(value):
        return None
    return Fault("a name of 1 to 64 letters, digits, _ or -, the first one a letter or digit")


def _kind(value: str) -> Fault | None:
    if value in KINDS:
        return None
    return Fault(one_of(KINDS), did_you_mean(_OTHER_NAMES.get(value.lower(), value), KINDS))


_OTHER_NAMES = {"aws": "s3", "adls": "azure", "blob": "azure", "gcp": "gcs", "gs": "gcs", "google": "gcs"}
_OTHER_NAMES |= {"minio": "obs", "disk": "local", "file": "local"}


def _access(value: str) -> Fault | None:
    kinds = tuple(dict.fromkeys(way for ways in lightly_rules.ACCESSES.values() for way in ways))
    return None if value in kinds else Fault(one_of(kinds), did_you_mean(value, kinds))


def _known_store(value: str, info: ValidationInfo) -> str:
    names = (info.context or {}).get(STORES)
    if names is None or value in names:
        return value
    declared = f"one of the stores: {', '.join(names)}" if names else "a store, of which none is declared"
    raise refuse(Fault(declared, did_you_mean(value, names)))


def _known_account(value: str, info: ValidationInfo) -> str:
    names = (info.context or {}).get(ACCOUNTS)
    if names is None or value in names:
        return value
    declared = f"one of the accounts: {', '.join(names)}" if names else "an account, of which none is declared"
    raise refuse(Fault(declared, did_you_mean(value, names)))


def _cloud(value: str) -> Fault | None:
    clouds = tuple(CLOUDS.values())
    return None if value in clouds else Fault(one_of(clouds), did_you_mean(CLOUDS.get(value, value), clouds))


def _profile(value: str) -> Fault | None:
    """A section of the AWS configuration: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"""
    good = value.isprintable() and value == value.strip() and value and not set("[]'\"") & set(value)
    return None if good else Fault("the name of a profile, as `aws configure list-profiles` shows it")


def _kms_key(value: str, info: ValidationInfo) -> str:
    region = info.data.get("region")
    fault = None
    if region == lightly_rules.CHINA_REGION:
        fault = Fault(f"no KMS key in {region}", lightly_rules.PARTITION_HINT)
    elif value != "create":
        fault = lightly_rules.kms_key_arn(value, region)
    elif info.data.get("create") is False:
        fault = Fault("the ARN of the key that its objects use", "create makes a key, and only with create: true")
    if fault:
        raise refuse(fault)
    return value


def _sas(value: str) -> Fault | None:
    return None if value in SAS_METHODS else Fault(one_of(SAS_METHODS), did_you_mean(value, SAS_METHODS))


def _delegated_days(value: int, info: ValidationInfo) -> int:
    if info.data.get("sas") == "user_delegation" and value > USER_DELEGATION_DAYS:
        hint = "a user delegation key lives for 7 days at most, and the next token must be there before it ends"
        raise refuse(Fault(f"a whole number from 1 to {USER_DELEGATION_DAYS} with sas: user_delegation", hint))
    return value


def _given(rule: Callable[[str], Fault | None], secret: bool = False) -> AfterValidator:
    """`env:NAME`, or what the rule accepts. Where a secret's name belongs may stand the secret: it is never shown."""

    def check(value: str) -> Fault | None:
        if secret_refs.variable(value) is not None:
            return None
        if value.startswith("env:"):
            return Fault("env:NAME, the name of an environment variable")
        return rule(value)

    def validate(value: str) -> str:
        if fault := check(value):
            raise refuse(fault, hidden=secret)
        return value

    return AfterValidator(validate)


def _users_key(value: str, info: ValidationInfo) -> str:
    """AWS has its own form of the ids of keys."""
    named = secret_refs.variable(value) is not None or info.data.get("access") != "user"
    if not named and (fault := lightly_rules.access_key_id(value)):
        raise refuse(fault)
    return value


def _secret_name(value: str) -> Fault | None:
    if secret_refs.secret_name(value):
        return None
    place = f"{secret_refs.SECRETS_NAMESPACE}:<name>"
    return Fault(
        f"the name of a secret in the stack's configuration ({place}), or env:NAME",
        f"never the secret itself: pulumi config set --secret {place}",
    )


def _anchor(value: object) -> object:
    """Text as YAML and Pulumi have it: Pulumi turns an unquoted date into `2026-01-01 00:00:00 +0000 UTC`."""
    if isinstance(value, str):
        found = _DATE.fullmatch(value)
        try:
            return date.fromisoformat(found[1] if found else "")
        except ValueError:
            raise refuse(Fault("a date such as 2026-01-01")) from None
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _directory(value: str) -> str:
    if fault := directory.directory_path(value):
        raise refuse(fault)
    return directory.normalised(value)


def _between(low: int, high: int) -> tuple[AfterValidator, WithJsonSchema]:
    def check(value: int) -> Fault | None:
        return None if low <= value <= high else Fault(f"a whole number from {low} to {high}")

    return obeys(check), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})


def _few(what: str) -> tuple[BeforeValidator, AfterValidator]:
    """A list, as YAML has it, of 1 to so many."""

    def check(values: tuple[str, ...]) -> Fault | None:
        return (
            None
            if 1 <= len(values) <= s3_names.MOST_OF_A_NETWORK
            else Fault(f"1 to {s3_names.MOST_OF_A_NETWORK} {what}")
        )

    return BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value), obeys(check)


def _somewhere(value: object, info: ValidationInfo) -> object:
    """A network has VPCs or addresses."""
    if value is None and info.data.get("vpc_ids", ()) is None:
        raise refuse(Fault("VPCs (vpc_ids), public addresses (cidrs) or both"))
    return value


def _schema(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


_REGIONS = [region for region in lightly_rules.S3_REGIONS if lightly_rules.s3_region(region) is None]

S3Kind = Annotated[Literal["s3"], word(_kind)]
AzureKind = Annotated[Literal["azure"], word(_kind)]
GcsKind = Annotated[Literal["gcs"], word(_kind)]
ObsKind = Annotated[Literal["obs"], word(_kind)]
LocalKind = Annotated[Literal["local"], word(_kind)]
Access = Annotated[Literal["delegated", "user", "sas", "service_account", "key", "mount"], word(_access)]
SasMethod = Annotated[Literal["stored_policy", "user_delegation"], word(_sas)]
VpcIds = Annotated[
    tuple[Annotated[str, obeys(s3_names.vpc_id), _schema("string", pattern=s3_names.VPC_PATTERN)], ...],
    *_few("VPCs"),
]
Cidrs = Annotated[tuple[Annotated[str, obeys(s3_names.address_range)], ...], *_few("ranges of addresses")]
Somewhere = AfterValidator(_somewhere)
AwsCloud = Annotated[Literal["aws"], word(_cloud)]
AzureCloud = Annotated[Literal["azure"], word(_cloud)]
GcpCloud = Annotated[Literal["gcp"], word(_cloud)]
AccountRef = Annotated[str, AfterValidator(_known_account)]
DeployerRole = Annotated[
    str, obeys(s3_names.role_arn), _schema("string", pattern="^arn:[a-z-]+:iam::[0-9]{12}:role/.+$")
]
Profile = Annotated[str, obeys(_profile)]
Guid = Annotated[str, obeys(azure_names.guid), _schema("string", pattern=azure_names.GUID_PATTERN)]
ServiceAccountEmail = Annotated[
    str, obeys(gcs_names.service_account), _schema("string", pattern=gcs_names.SERVICE_ACCOUNT_PATTERN)
]
DatasetType = Annotated[Literal["images", "videos"], word(lightly_rules.dataset_type)]
BucketName = Annotated[str, obeys(s3_names.bucket_name), _schema("string", pattern=s3_names.BUCKET_PATTERN)]
ObsBucketName = Annotated[str, obeys(lightly_rules.obs_bucket), _schema("string", pattern=s3_names.BUCKET_PATTERN)]
AzureAccount = Annotated[str, obeys(azure_names.account), _schema("string", pattern=azure_names.ACCOUNT_PATTERN)]
AzureContainerName = Annotated[
    str, obeys(azure_names.container), _schema("string", pattern=azure_names.CONTAINER_PATTERN)
]
ResourceGroup = Annotated[
    str, obeys(azure_names.resource_group), _schema("string", pattern=r"^[a-zA-Z0-9_.()-]{0,89}[a-zA-Z0-9_()-]$")
]
AzureLocation = Annotated[str, obeys(azure_names.location), _schema("string", pattern=azure_names.LOCATION_PATTERN)]
AzureTags = Annotated[
    Mapping[
        Annotated[str, obeys(azure_names.tag_name)],
        Annotated[str, obeys(azure_names.tag_value), _schema("string", maxLength=256)],
    ],
    obeys(azure_names.tags),
]
GcsBucketName = Annotated[str, obeys(gcs_names.bucket_name), _schema("string", pattern=gcs_names.BUCKET_PATTERN)]
GcpProject = Annotated[str, obeys(gcs_names.project), _schema("string", pattern=gcs_names.PROJECT_PATTERN)]
GcsLocation = Annotated[str, obeys(gcs_names.location), _schema("string", pattern=gcs_names.LOCATION_PATTERN)]
GcpLabels = Annotated[
    Mapping[
        Annotated[str, obeys(gcs_names.label_key)],
        Annotated[str, obeys(gcs_names.label_value), _schema("string", maxLength=63)],
    ],
    obeys(gcs_names.labels),
]
Endpoint = Annotated[
    str,
    _given(lightly_rules.obs_endpoint),
    _schema("string", pattern=f"^(https?://.+|{secret_refs.ENVIRONMENT_PATTERN})$"),
]
MountFolder = Annotated[
    str, _given(local_names.mount_folder), _schema("string", pattern=f"^(/[^:]+|{secret_refs.ENVIRONMENT_PATTERN})$")
]
WebServer = Annotated[
    str,
    _given(local_names.web_server),
    _schema("string", pattern=f"^(https?://[^/]+|{secret_refs.ENVIRONMENT_PATTERN})$"),
]
SigningRegion = Annotated[
    str, obeys(lightly_rules.signing_region), _schema("string", pattern="^[a-z0-9][a-z0-9-]{0,63}$")
]
GivenKeyId = Annotated[
    str, _given(lightly_rules.obs_access_key_id), AfterValidator(_users_key), _schema("string", pattern="^[!-.0-~]+$")
]
GivenSecret = Annotated[
    str,
    _given(_secret_name, secret=True),
    _schema("string", pattern=f"^({secret_refs.SECRET_PATTERN}|{secret_refs.ENVIRONMENT_PATTERN})$"),
]
RoleArn = Annotated[str, obeys(lightly_rules.role_arn), _schema("string", pattern="^arn:aws:iam::[0-9]{12}:role/.+$")]
Region = Annotated[str, obeys(lightly_rules.s3_region), _schema("string", enum=_REGIONS)]
KmsKey = Annotated[
    str, AfterValidator(_kms_key), _schema("string", pattern="^(create|arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+)$")
]
PolicyArn = Annotated[str, obeys(s3_names.policy_arn), _schema("string", pattern="^arn:[a-z-]+:iam::.+:policy/.+$")]
TagKey = Annotated[str, obeys(s3_names.tag_key)]
TagValue = Annotated[str, obeys(s3_names.tag_value), _schema("string", maxLength=256)]
Tags = Annotated[Mapping[TagKey, TagValue], obeys(s3_names.tags)]
StoreRef = Annotated[str, AfterValidator(_known_store)]
Directory = Annotated[str, AfterValidator(_directory), _schema("string", pattern=r"^([^/*?$\\][^*?$\\]*)?$")]
AnyText = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "integer"]})]
Anchor = Annotated[date, BeforeValidator(_anchor), _schema("string", format="date")]
NoncurrentDays = Annotated[int, *_between(1, 36500)]
RotationDays = Annotated[int, *_between(1, 90), AfterValidator(_delegated_days)]
SoftDeleteDays = Annotated[int, *_between(1, 365)]
Deadline = Annotated[int, *_between(1, 3600)]
Confirmations = Annotated[int, *_between(1, 10)]
