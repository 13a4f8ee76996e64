"""What Lightly's API accepts, the only place.

Every rule is read from the models of Lightly's own client, lightly 1.5.26,
`lightly/openapi_generated/swagger_client/models/<file>.py`, named at each rule; where a cloud is stricter than Lightly
the cloud's page is named too. A checker returns None or a Fault. Patterns are matched against the whole text: Python's
`$`, which the client uses, would let a line break through at the end.
"""

import re
from urllib.parse import urlsplit

from lightly_access.kinds.azure.names import azure_path
from lightly_access.kinds.gcs.names import gs_path
from lightly_access.kinds.s3.names import BUCKET_PATTERN, bucket_name

from lightly_core.directory import directory_path
from lightly_core.fault import Fault, did_you_mean, one_of

LIGHTLY_AWS_ACCOUNT = "916419735646"
"""The AWS account that assumes the roles: the only principal of a trust policy.
https://docs.lightly.ai/docs/aws-s3 (delegated access)"""

SESSION_SECONDS = 43200
"""The maximum session duration that Lightly demands of a role, 12 hours, which is also the most that AWS allows.
lightly-ai/lightly docs, dataset_creation_aws_bucket_delegated_access.rst"""

DATASET_TYPES = {"images": "Images", "videos": "Videos"}
"""The manifest's word for a dataset's type -> Lightly's (dataset_type.py). `Crops` are made by Lightly itself."""

PURPOSES = ("INPUT", "LIGHTLY")
"""datasource_purpose.py has a third, INPUT_OUTPUT: see `purpose`."""

S3_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-south-1", "ap-south-2"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ca-central-1", "cn-northwest-1"),
    *("eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2"),
    *("me-south-1", "me-central-1", "sa-east-1", "us-gov-east", "us-gov-west"),
)
"""The 30 values of s3_region.py. The last two are no region names of AWS: see `s3_region`."""

CHINA_REGION = "cn-northwest-1"
"""The only region of another partition that Lightly lists. Role and KMS key ARNs start with `arn:aws-cn:` there, which
Lightly's patterns refuse, so access is by user keys and without a customer-managed key."""

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9 _-]+")
_OBJECT_ID = re.compile(r"[a-f0-9]{24}")
_ROLE_ARN = re.compile(r"arn:aws:iam::[0-9]{12}:role/[\x21-\x7e]{1,576}")
_KMS_KEY_ARN = re.compile(r"arn:aws:kms:([a-z0-9-]+):[0-9]{12}:key/[a-zA-Z0-9-]+")
_EXTERNAL_ID = re.compile(r"[a-zA-Z0-9_+=,.@:/-]{10,1224}")
_ACCESS_KEY_ID = re.compile(r"[A-Z0-9_]{16,128}")
_SIGNING_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_OBS_BUCKET = re.compile(BUCKET_PATTERN)
PARTITION_HINT = (
    "Lightly's API takes ARNs of the partition 'aws' only, so roles and KMS keys of China (aws-cn) and GovCloud "
    "(aws-us-gov) cannot be registered"
)


def dataset_name(value: str) -> Fault | None:
    """dataset_create_request.py: at least 3 characters, `^[a-zA-Z0-9][a-zA-Z0-9 _-]+$`.

    Lightly states no upper limit; 255 is ours, because the name becomes the value of an AWS tag (256 at most).
    """
    return _name(value, longest=255)


def worker_name(value: str) -> Fault | None:
    """create_docker_worker_registry_entry_request.py: the same pattern as a dataset's name, at least 3 characters."""
    return _name(value, longest=None)


def _name(value: str, longest: int | None) -> Fault | None:
    if _NAME.fullmatch(value) and len(value) >= 3 and (longest is None or len(value) <= longest):
        return None
    span = f"3 to {longest}" if longest else "at least 3"
    return Fault(f"{span} characters: letters, digits, space, _ or -, the first one a letter or digit")


def dataset_id(value: str) -> Fault | None:
    """datasource_config_base.py and others: a MongoDB ObjectId, `^[a-f0-9]{24}$`."""
    return None if _OBJECT_ID.fullmatch(value) else Fault("Lightly's id of a dataset: 24 characters of 0-9 and a-f")


def worker_id(value: str) -> Fault | None:
    """docker_worker_registry_entry_data.py: an ObjectId too."""
    return None if _OBJECT_ID.fullmatch(value) else Fault("Lightly's id of a worker: 24 characters of 0-9 and a-f")


def dataset_type(value: str) -> Fault | None:
    """dataset_type.py: Crops, Images, Videos. The manifest says images or videos."""
    if value in DATASET_TYPES:
        return None
    crops = "Lightly makes crops itself, from an images or videos dataset" if value.lower() == "crops" else None
    return Fault(one_of(DATASET_TYPES), crops or did_you_mean(value, DATASET_TYPES))


def purpose(value: str) -> Fault | None:
    """datasource_purpose.py: INPUT, LIGHTLY, INPUT_OUTPUT. The last is refused: INPUT never gets write."""
    if value in PURPOSES:
        return None
    if value == "INPUT_OUTPUT":
        return Fault(one_of(PURPOSES), "INPUT_OUTPUT is one identity that may write to the source data; register two")
    return Fault(one_of(PURPOSES), did_you_mean(value, PURPOSES))


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
    hint = did_you_mean(value, usable) or "see S3_REGIONS in lightly_core/lightly_rules.py"
    if re.fullmatch(r"[a-z]{2}-[a-z]+-[0-9]", value):
        hint = f"of AWS's regions Lightly's API lists {len(usable)}, not this one; its buckets cannot be registered"
    return Fault("a region that Lightly's API lists", hint)


def region_access(region: str, access: str) -> Fault | None:
    """Whether datasources in this region can be registered with `access` (`delegated` or `user`)."""
    if region == CHINA_REGION and access != "user":
        return Fault(f"user in {CHINA_REGION}", PARTITION_HINT)
    return None


def partition(region: str) -> str:
    """The AWS partition of one of Lightly's regions: the second field of every ARN there."""
    return "aws-cn" if region.startswith("cn-") else "aws"


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
    if _EXTERNAL_ID.fullmatch(value):
        return None
    return Fault("10 to 1224 characters of a-z A-Z 0-9 _ + = , . @ : / -", "let lightly:index:ExternalId make one")


def access_key_id(value: str) -> Fault | None:
    """datasource_config_s3.py: not empty. AWS: 16 to 128 word characters
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html); `ASIA...` ones are temporary."""
    if value.startswith("ASIA"):
        return Fault("the id of a user's access key", "ASIA... is a temporary credential, which ends within hours")
    return None if _ACCESS_KEY_ID.fullmatch(value) else Fault("the id of a user's access key, 16 to 128 of A-Z 0-9 _")


def secret_access_key(value: str) -> Fault | None:
    """datasource_config_s3.py: not empty. It is a secret: never show it in a message."""
    return None if value else Fault("the secret access key that belongs to the access key id")


def kms_key_arn(value: str, region: str | None = None) -> Fault | None:
    """datasource_config_s3.py: `^arn:aws:kms:[a-zA-Z0-9-]*:[0-9]{12}:key.+$`.

    An alias ARN does not fit. With `region`, the bucket's, the key must be in it: S3 takes no other
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    found = _KMS_KEY_ARN.fullmatch(value)
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


OBS_ENDPOINT = "https://obs.eu-de.otc.t-systems.com"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def obs_endpoint(value: str) -> Fault | None:
    """datasource_config_obs.py: `^https?://.+$`. What follows is ours: a host, and nothing secret, no bucket, no query.

    Plain http, which Lightly's pattern takes, is for stores on this machine: elsewhere everybody on the way reads the
    data, and may answer in the store's place.
    """
    expected = f"the URL of an S3-compatible service, such as {OBS_ENDPOINT}"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Fault(expected)
    if parts.scheme not in ("http", "https") or not host or not value.isprintable() or " " in value:
        return Fault(expected, "with http:// or https://" if "://" not in value else None)
    if parts.query or parts.fragment or parts.username or parts.password:
        return Fault(expected, "without user, password, query or fragment")
    if parts.path.strip("/"):
        return Fault(expected, "without a path: the bucket is the store's `bucket`")
    if parts.scheme == "http" and host not in _LOOPBACK:
        return Fault(expected, "over http everybody on the way reads the data; http is for services on this machine")
    return None


def obs_access_key_id(value: str) -> Fault | None:
    """datasource_config_obs.py: not empty. Services differ in its form, so only what no header can carry is refused."""
    good = bool(value) and value.isascii() and value.isprintable() and " " not in value and "/" not in value
    return None if good else Fault("the id of an access key: printable ASCII characters without spaces and /")


def signing_region(value: str) -> Fault | None:
    """Ours: the name with which our probe signs its requests to an S3-compatible service; Lightly is not told it."""
    return None if _SIGNING_REGION.fullmatch(value) else Fault("a region's name: 1 to 64 of a-z 0-9 -")


def obs_bucket(value: str) -> Fault | None:
    """3 to 63 of a-z 0-9 . -, as Huawei's OBS has it (https://support.huaweicloud.com/intl/en-us/ugobs-obs/obs_41_0005.html,
    "Creating a bucket") and S3 too; AWS's reserved prefixes and suffixes mean nothing there."""
    fault = bucket_name(value)
    if fault and _OBS_BUCKET.fullmatch(value) and fault.hint and fault.hint.startswith("AWS reserves"):
        return None
    return fault and Fault(fault.expected.replace("an S3 bucket", "a bucket"), fault.hint)


ACCESSES = {
    "s3": ("delegated", "user"),
    "azure": ("sas",),
    "gcs": ("service_account",),
    "obs": ("key",),
    "local": ("mount",),
}
"""How Lightly can get into each kind of store (https://docs.lightly.ai/docs/cloud-storage)."""


def kind_access(kind: str, access: str) -> Fault | None:
    """Whether a store of this kind can be reached this way; a word that is none is somebody else's fault."""
    known = {way for ways in ACCESSES.values() for way in ways}
    ways = ACCESSES.get(kind, (access,))
    if access in ways or access not in known:
        return None
    return Fault(f"{one_of(ways)} for a store of kind {kind}", _NO_OTHER_WAY.get(kind))


_NO_OTHER_WAY = {
    "azure": "Lightly has no role for Azure: it takes a SAS token",
    "gcs": "Lightly has no federation with Google Cloud: it takes the key of a service account",
    "obs": "Lightly has no role for S3-compatible stores: keys are given",
}


def full_path(value: str, kind: str = "s3") -> Fault | None:
    """The path of a datasource as we write it: `s3://bucket/directory/`, `obs://...`, `gs://...`, `azure://account/...`.

    All but Azure's are Lightly's `fullPath` too (https://docs.lightly.ai/docs/cloud-storage).

    datasource_config_{s3,obs}.py take any text; the bucket and the directory are checked by the rules for them, and the
    trailing `/` must be there, as the manifest normalises it.
    """
    if kind in _PATHS:
        return _PATHS[kind](value)
    expected = f"{kind}://<bucket>/<directory>/"
    if not value.startswith(f"{kind}://"):
        return Fault(expected)
    bucket, slash, path = value.removeprefix(f"{kind}://").partition("/")
    if not slash or (path and not path.endswith("/")):
        return Fault(expected, "it ends in /, because Lightly asks for a directory")
    return (bucket_name(bucket) if kind == "s3" else obs_bucket(bucket)) or directory_path(path)


_PATHS = {"azure": azure_path, "gcs": gs_path}
