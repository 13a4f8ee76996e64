"""Documents of AWS: grants, trust policies, and the policies of buckets and keys that we create.

A bucket or key with a wildcard and an external ID with a variable are refused. A path may hold `*`, `?` and `${`: they
are escaped and stand for themselves.
"""

import re
from collections.abc import Sequence
from typing import Literal

from lightly_core.aws import BUCKET_PATTERN, EXTERNAL_ID, KMS_KEY_ARN
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_policies.cases_pipeline import aws_claims, provider_arn
from lightly_policies.evaluator.document import Document, Place
from lightly_policies.network import RELEVANT_FILENAMES, Network
from lightly_policies.pipeline import Pipeline
from lightly_policies.proof_pipeline import prove_pipeline_trust
from lightly_policies.render_federation import checked
from lightly_policies.rendering import UnrenderableDocumentError, canonical, checked_path, filled

GrantHolder = Literal["role", "group", "user"]
"""What carries a grant as an inline policy; AWS's quota differs."""

_GRANT_QUOTA = {"role": 10240, "group": 5120, "user": 2048}
"""Characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
_TRUST_QUOTA = 2048
"""The same page; the default, it can be raised to 4096."""
_BUCKET_POLICY_QUOTA = 20 * 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"""
_KEY_POLICY_QUOTA = 32 * 1024
"""https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html"""

_PARTITIONS = ("aws", "aws-cn")
_PIPELINE_PARTITIONS = (*_PARTITIONS, "aws-us-gov")
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_BUCKET = re.compile(BUCKET_PATTERN)
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]+")


def aws_grant(
    purpose: str,
    bucket: str,
    path: str,
    *,
    region: str,
    kms_key_arn: str | None = None,
    old_kms_key_arns: Sequence[str] = (),
    list_prefix_condition: bool = True,
    partition: str = "aws",
    holder: GrantHolder = "role",
    network: Network | None = None,
) -> str:
    """The identity policy that gives a purpose its rights on one path of a bucket, and no others.

    INPUT: s3:ListBucket, s3:GetObject. LIGHTLY: also s3:PutObject, s3:DeleteObject (https://docs.lightly.ai/docs/aws-s3).
    With a key, INPUT may decrypt and LIGHTLY decrypt, encrypt and generate data keys with it, through S3 only
    (lightly-ai/lightly docs, dataset_creation_aws_bucket_server_side_encryption.rst).

    Args:
        purpose: `INPUT` or `LIGHTLY`.
        bucket: its name.
        path: the directory, ending in `/`; empty for the whole bucket, which then has no condition on listing.
        region: the bucket's.
        kms_key_arn: the key of a bucket with SSE-KMS, in the same region; Lightly takes keys of partition aws only.
        old_kms_key_arns: keys that objects of before are still under; they may be decrypted with them, and no more.
        list_prefix_condition: whether listing is bound to the path. Lists with the prefix `p`, `p/` and `p/...` pass,
            because it is unknown which of them Lightly sends; `p` alone also shows the names of siblings `p-...`.
        partition: `aws`, or `aws-cn` (user access only).
        holder: what carries the policy, for its quota.
        network: where objects may be read and written from; None for anywhere. Listing always is from anywhere, and so
            is reading the one file that Lightly's own servers read (LIGHTLY, `network.RELEVANT_FILENAMES`).

    Raises:
        UnrenderableDocumentError: a value that is not what it should be, or a document beyond the quota.
    """
    if purpose not in ("INPUT", "LIGHTLY"):
        raise UnrenderableDocumentError("grant", f"purpose: got {purpose!r}, expected INPUT or LIGHTLY")
    name = f"{purpose} grant"
    bucket_arn = arn_of_bucket(name, bucket, partition)
    checked_region(name, region)
    for arn in (*([] if kms_key_arn is None else [kms_key_arn]), *old_kms_key_arns):
        checked_key(name, arn, region)
    escaped = as_pattern(checked_path(name, path))
    prefixes = [escaped[:-1], escaped, f"{escaped}*"] if escaped and list_prefix_condition else []
    return _render(
        name,
        f"aws/grant_{purpose.lower()}.json.j2",
        "identity",
        _GRANT_QUOTA[holder],
        bucket_arn=bucket_arn,
        objects_arn=f"{bucket_arn}/{escaped}*",
        list_prefixes=prefixes,
        sources=network.conditions if network else {"": None},
        relevant_filenames_arn=f"{bucket_arn}/{escaped}{RELEVANT_FILENAMES}" if network else None,
        kms_key_arn=kms_key_arn,
        old_kms_key_arns=sorted(set(old_kms_key_arns)),
        via_service=s3_service(region),
    )


def aws_trust(external_id: str, account: str = LIGHTLY_AWS_ACCOUNT) -> str:
    """The trust policy of a role that Lightly assumes: one account, one action, the exact external ID.

    Against the confused deputy: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html . The external ID
    is a secret: it is in the document, never in a message. Raises UnrenderableDocumentError.
    """
    _expect("trust policy", "account", account, _ACCOUNT, "twelve digits")
    if not EXTERNAL_ID.fullmatch(external_id):
        raise UnrenderableDocumentError(
            "trust policy",
            "external ID: expected 10 to 1224 characters of a-z A-Z 0-9 _ + = , . @ : / - (its value is not shown)",
            "let lightly:index:ExternalId make one",
        )
    return _render(
        "trust policy",
        "aws/trust.json.j2",
        "trust",
        _TRUST_QUOTA,
        account_arn=f"arn:aws:iam::{account}:root",
        external_id=external_id,
    )


def aws_pipeline_trust(pipeline: Pipeline, account: str, partition: str = "aws") -> str:
    """The trust policy of the role by which a pipeline deploys: one provider, one audience, one exact subject.

    It is proved before it is given away. Raises UnrenderableDocumentError.
    """
    name = "trust policy"
    _expect(name, "account", account, _ACCOUNT, "twelve digits")
    if partition not in _PIPELINE_PARTITIONS:
        expected = f"one of {', '.join(_PIPELINE_PARTITIONS)}"
        raise UnrenderableDocumentError(name, f"partition: got {partition!r}, expected {expected}")
    checked(name, pipeline, all_claims=False)
    arn = provider_arn(account, partition, pipeline.host)
    claims = {f"{pipeline.host}:{claim}": value for claim, value in aws_claims(pipeline, partition).items()}
    text = _render(name, "aws/pipeline_trust.json.j2", "trust", _TRUST_QUOTA, provider_arn=arn, claims=claims)
    for sentence in prove_pipeline_trust(text, pipeline, account, partition).unexpected:
        raise UnrenderableDocumentError(name, sentence)
    return text


def aws_bucket_tls(bucket: str, partition: str = "aws") -> str:
    """The bucket policy of a bucket that we create: nobody without TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html . Raises
    UnrenderableDocumentError.
    """
    bucket_arn = arn_of_bucket("bucket policy", bucket, partition)
    return _render(
        "bucket policy",
        "aws/bucket_tls.json.j2",
        "resource",
        _BUCKET_POLICY_QUOTA,
        bucket_arn=bucket_arn,
        objects_arn=f"{bucket_arn}/*",
    )


def aws_key_policy(account: str, *, region: str) -> str:
    """The key policy of a key that we create: the account's IAM decides, and the key serves S3 of its region alone.

    Without the first statement no IAM policy counts and nobody could manage the key
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). Raises UnrenderableDocumentError.
    """
    _expect("key policy", "account", account, _ACCOUNT, "twelve digits")
    checked_region("key policy", region)
    return _render(
        "key policy",
        "aws/key_policy.json.j2",
        "resource",
        _KEY_POLICY_QUOTA,
        account_arn=f"arn:aws:iam::{account}:root",
        via_service=s3_service(region),
    )


def _render(name: str, template: str, place: Place, quota: int, **values: object) -> str:
    body = filled(template, **values)
    Document(name, body).require(place)
    text = canonical(body)
    if len(text) > quota:
        raise UnrenderableDocumentError(
            name, f"{len(text)} characters, expected at most {quota}, the quota of AWS", "use a shorter path"
        )
    return text


def s3_service(region: str) -> str:
    """The name under which S3 uses a key: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    return f"s3.{region}.amazonaws.com"


def _expect(document: str, what: str, value: str, pattern: "re.Pattern[str]", expected: str) -> None:
    if not pattern.fullmatch(value):
        raise UnrenderableDocumentError(document, f"{what}: got {value!r}, expected {expected}")


def checked_region(document: str, region: str) -> str:
    """The region, if it is formed like one. Raises UnrenderableDocumentError, naming the document."""
    _expect(document, "region", region, _REGION, "an AWS region such as eu-central-1")
    return region


def arn_of_bucket(document: str, bucket: str, partition: str) -> str:
    """The ARN of a bucket. Raises UnrenderableDocumentError, naming the document."""
    _expect(document, "bucket", bucket, _BUCKET, "a bucket's name: 3 to 63 of a-z 0-9 . -")
    if partition not in _PARTITIONS:
        raise UnrenderableDocumentError(
            document, f"partition: got {partition!r}, expected one of {', '.join(_PARTITIONS)}"
        )
    return f"arn:{partition}:s3:::{bucket}"


def checked_key(document: str, kms_key_arn: str, region: str) -> str:
    """The ARN of a key, if it is one of this region. Raises UnrenderableDocumentError, naming the document."""
    found = KMS_KEY_ARN.fullmatch(kms_key_arn)
    if not found:
        expected = "arn:aws:kms:<region>:<account>:key/<id>"
        hint = "Lightly takes keys of partition aws only, and an alias does not work in a policy"
        raise UnrenderableDocumentError(document, f"KMS key: got {kms_key_arn!r}, expected {expected}", hint)
    if found[1] != region:
        raise UnrenderableDocumentError(
            document,
            f"KMS key: got a key of {found[1]}, expected one of {region}, the bucket's region",
            "S3 encrypts with keys of the bucket's own region only",
        )
    return kms_key_arn


def as_pattern(text: str) -> str:
    """Text that stands for itself where IAM reads wildcards and variables.

    `${*}`, `${?}`, `${$}`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return re.sub(r"\$(?=\{)|[*?]", r"${\g<0>}", text)
