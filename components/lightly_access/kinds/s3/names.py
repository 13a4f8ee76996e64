"""What AWS accepts as names: buckets, IAM entities, policy ARNs, tags. A checker returns None or a Fault."""

import re
from collections.abc import Mapping
from ipaddress import ip_network

from lightly_core.aws import BUCKET_PATTERN, ROLE_NAME_LIMIT, VPC_PATTERN, WIDEST_RANGE
from lightly_core.fault import Fault

SCHEME = "s3://"

IAM_PATH = "/lightly/"
"""Where all roles, users and groups that are made for Lightly stand, so that they are found and can be bounded."""

_BUCKET = re.compile(BUCKET_PATTERN)
_IP_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_SCHEMES = ("s3://", "s3a://", "gs://", "az://", "obs://", "https://", "http://", "arn:")
_IAM_NAME = re.compile(r"[a-zA-Z0-9_+=,.@-]+")
_POLICY_ARN = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::([0-9]{12}|aws):policy/[\x21-\x7e]{1,640}")
_ROLE_ARN = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[\x21-\x7e]{1,576}")
_VPC = re.compile(VPC_PATTERN)
_PRIVATE = tuple(
    ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10"),
    )
)
"""https://www.rfc-editor.org/rfc/rfc1918, rfc6598, rfc3927, rfc4193 and rfc4291."""
_TAG_TEXT = re.compile(r"[\w .:/=+@-]*")
_TAGS = 45


def bucket_name(value: str) -> Fault | None:
    """A general purpose bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html.

    Reserved prefixes and suffixes are refused as well: a name that ends in one is an alias or another kind of bucket
    (access point, directory bucket, table bucket), which Lightly cannot read as `s3://bucket/path/`.
    """
    fault = Fault("an S3 bucket name: 3 to 63 characters of a-z 0-9 . -, the first and last a letter or digit")
    if value.lower().startswith(_SCHEMES):
        return Fault("the bucket's name alone", "no s3://, ARN or URL; the directory goes into a datasource's path")
    if "/" in value:
        return Fault("the bucket's name alone", "what follows the / goes into a datasource's path")
    if not _BUCKET.fullmatch(value):
        return fault
    if ".." in value or _IP_ADDRESS.fullmatch(value):
        return Fault(fault.expected, "no two periods side by side, and not formed like an IP address")
    if value.startswith(_RESERVED_STARTS):
        return Fault(fault.expected, f"AWS reserves names that start with {', '.join(_RESERVED_STARTS)}")
    if value.endswith(_RESERVED_ENDS):
        return Fault(fault.expected, f"AWS reserves names that end with {', '.join(_RESERVED_ENDS)}")
    return None


def iam_name(value: str, limit: int = ROLE_NAME_LIMIT) -> Fault | None:
    """Name of a role, user, group or policy; names that differ only in case are the same name to IAM.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    if _IAM_NAME.fullmatch(value) and len(value) <= limit:
        return None
    return Fault(f"1 to {limit} characters of a-z A-Z 0-9 + = , . @ _ -")


def policy_arn(value: str) -> Fault | None:
    """ARN of a managed policy (a permissions boundary), the customer's or AWS's own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    if _POLICY_ARN.fullmatch(value):
        return None
    return Fault("the ARN of a managed policy, arn:aws:iam::<12 digits>:policy/<name>")


def role_arn(value: str) -> Fault | None:
    """ARN of a role in any partition: `/`, a path of at most 512 printable characters, a name of at most 64.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    if _ROLE_ARN.fullmatch(value):
        return None
    hint = None
    if ":assumed-role/" in value:
        hint = "that is a session of a role; the role itself is arn:aws:iam::<account>:role/<name>"
    return Fault("the ARN of a role, arn:aws:iam::<12 digits>:role/<name>", hint)


def vpc_id(value: str) -> Fault | None:
    """Id of a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/"""
    if _VPC.fullmatch(value):
        return None
    hint = "the VPC's own id, not that of its endpoint" if value.startswith("vpce-") else None
    return Fault("the id of a VPC, such as vpc-0a1b2c3d4e5f67890", hint)


def address_range(value: str) -> Fault | None:
    """Addresses in CIDR notation, no wider than a network of yours is: `lightly_policies.network` has the same rule."""
    try:
        found = ip_network(value)
    except ValueError:
        return Fault("a range of addresses in CIDR notation without host bits, such as 203.0.113.0/24")
    if found.prefixlen >= WIDEST_RANGE[found.version]:
        return None
    return Fault(f"a range of your own, /{WIDEST_RANGE[found.version]} or smaller")


def private_addresses(value: str) -> bool:
    """Whether AWS never sees these addresses: a private network's, a provider's or a link's own."""
    found = ip_network(value)
    return any(found.version == each.version and found.overlaps(each) for each in _PRIVATE)


def tags(value: Mapping[str, str]) -> Fault | None:
    """How many tags: S3 and IAM take 50 a resource (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html);
    5 are kept for our own."""
    return None if len(value) <= _TAGS else Fault(f"at most {_TAGS} tags", "AWS takes 50 a resource and 5 are ours")


def tag_key(value: str) -> Fault | None:
    """Key of a tag: 1 to 128 letters, digits, spaces and `_.:/=+@-`, not `aws:...`, which is AWS's own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    """
    if value.lower().startswith("aws:"):
        return Fault("a tag key that does not start with aws:", "that prefix is AWS's own")
    if 1 <= len(value) <= 128 and _TAG_TEXT.fullmatch(value):
        return None
    return Fault("a tag key of 1 to 128 letters, digits, spaces and . : / = + @ - _")


def tag_value(value: str) -> Fault | None:
    """Value of a tag: at most 256 letters, digits, spaces and `_.:/=+@-`. Source: as `tag_key`."""
    if len(value) <= 256 and _TAG_TEXT.fullmatch(value):
        return None
    return Fault("a tag value of at most 256 letters, digits, spaces and . : / = + @ - _")
