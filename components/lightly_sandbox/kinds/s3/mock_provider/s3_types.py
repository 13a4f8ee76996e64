"""The resource types of S3. The bucket's settings are types of their own; the deprecated inline ones are refused.

Source of replace triggers and defaults: the schemas in https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/s3.
"""

from lightly_sandbox.kinds.s3.mock_provider.bucket import Bucket
from lightly_sandbox.kinds.s3.mock_provider.bucket_object import BucketObject
from lightly_sandbox.kinds.s3.mock_provider.bucket_settings import (
    ENCRYPTION,
    LIFECYCLE,
    OWNERSHIP,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    VERSIONING,
)
from lightly_sandbox.kinds.s3.mock_provider.shared_inputs import FORCE_DESTROY, REGION, TAGS, flag
from lightly_sandbox.kinds.s3.mock_provider.tags import follow
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType

_BUCKET = Input("bucket", required=True, replace=True)

_BUCKET_TYPE = ResourceType(
    "aws:s3/bucket:Bucket",
    "S3 bucket",
    handler=Bucket(),
    inputs=(
        Input("bucket", replace=True, longest=63),
        Input("bucketPrefix", replace=True, longest=37, remembered=True),
        FORCE_DESTROY,
        flag("objectLockEnabled", replace=True, remembered=True),
        REGION,
        TAGS,
    ),
    outputs=("arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId", "tagsAll"),
    naming=Naming("bucket", "bucketPrefix", longest=63, lowercase=True),
    follows=follow,
)

_PUBLIC_ACCESS_BLOCK = ResourceType(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "public access block of the S3 bucket",
    handler=PUBLIC_ACCESS_BLOCK,
    inputs=(
        _BUCKET,
        flag("blockPublicAcls"),
        flag("blockPublicPolicy"),
        flag("ignorePublicAcls"),
        flag("restrictPublicBuckets"),
        REGION,
        flag("skipDestroy", remembered=True),
    ),
)

_OWNERSHIP = ResourceType(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "ownership controls of the S3 bucket",
    handler=OWNERSHIP,
    inputs=(
        _BUCKET,
        REGION,
        Input(
            "rule",
            Kind.RECORD,
            required=True,
            fields=(
                Input(
                    "objectOwnership",
                    required=True,
                    allowed=("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
                ),
            ),
        ),
    ),
)

_ENCRYPTION = ResourceType(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    title="encryption of the S3 bucket",
    handler=ENCRYPTION,
    inputs=(
        _BUCKET,
        REGION,
        Input(
            "rules",
            Kind.RECORDS,
            required=True,
            fields=(
                Input(
                    "applyServerSideEncryptionByDefault",
                    Kind.RECORD,
                    fields=(
                        Input("kmsMasterKeyId"),
                        Input("sseAlgorithm", required=True, allowed=("AES256", "aws:kms", "aws:kms:dsse")),
                    ),
                ),
                flag("bucketKeyEnabled"),
            ),
        ),
    ),
)

_POLICY = ResourceType(
    "aws:s3/bucketPolicy:BucketPolicy",
    "policy of the S3 bucket",
    handler=POLICY,
    inputs=(_BUCKET, Input("policy", Kind.DOCUMENT, required=True), REGION),
)

_VERSIONING = ResourceType(
    "aws:s3/bucketVersioning:BucketVersioning",
    "versioning of the S3 bucket",
    handler=VERSIONING,
    inputs=(
        _BUCKET,
        REGION,
        Input(
            "versioningConfiguration",
            Kind.RECORD,
            required=True,
            fields=(Input("status", required=True, allowed=("Enabled", "Suspended", "Disabled")),),
        ),
    ),
)

_SIZES = (Input("objectSizeGreaterThan", Kind.INTEGER), Input("objectSizeLessThan", Kind.INTEGER))
_PREFIX = Input("prefix")
_FILTER = Input(
    "filter",
    Kind.RECORD,
    fields=(
        Input("and", Kind.RECORD, fields=(*_SIZES, _PREFIX, Input("tags", Kind.STRING_MAP))),
        *_SIZES,
        _PREFIX,
        Input("tag", Kind.RECORD, fields=(Input("key", required=True), Input("value", required=True))),
    ),
)
_CLASS = Input("storageClass", required=True)
_NEWER = Input("newerNoncurrentVersions", Kind.INTEGER, least=1, most=100)
_NONCURRENT = Input("noncurrentDays", Kind.INTEGER, required=True, least=1)
_RULE = (
    Input(
        "abortIncompleteMultipartUpload",
        Kind.RECORD,
        fields=(Input("daysAfterInitiation", Kind.INTEGER, least=1),),
    ),
    Input(
        "expiration",
        Kind.RECORD,
        fields=(Input("date"), Input("days", Kind.INTEGER, least=0), flag("expiredObjectDeleteMarker")),
    ),
    _FILTER,
    Input("id", required=True, longest=255, pattern=r"(?s:.+)"),
    Input("noncurrentVersionExpiration", Kind.RECORD, fields=(_NEWER, _NONCURRENT)),
    Input("noncurrentVersionTransitions", Kind.RECORDS, fields=(_NEWER, _NONCURRENT, _CLASS)),
    _PREFIX,
    Input("status", required=True, allowed=("Enabled", "Disabled")),
    Input("transitions", Kind.RECORDS, fields=(Input("date"), Input("days", Kind.INTEGER, least=0), _CLASS)),
)

_LIFECYCLE = ResourceType(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "lifecycle of the S3 bucket",
    handler=LIFECYCLE,
    inputs=(
        _BUCKET,
        REGION,
        Input("rules", Kind.RECORDS, fields=_RULE),
        Input(
            "transitionDefaultMinimumObjectSize",
            default="all_storage_classes_128K",
            allowed=("all_storage_classes_128K", "varies_by_storage_class"),
        ),
    ),
)

_OBJECT = ResourceType(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "S3 object",
    handler=BucketObject(),
    inputs=(
        _BUCKET,
        Input("bucketKeyEnabled", Kind.BOOLEAN, computed=True),
        Input("content", remembered=True),
        Input("contentBase64", remembered=True),
        Input("contentType", computed=True),
        FORCE_DESTROY,
        Input("key", replace=True, longest=1024),
        Input("kmsKeyId", computed=True, pattern=r"arn:[\w-]+:kms:.+"),
        Input("metadata", Kind.STRING_MAP),
        REGION,
        Input("serverSideEncryption", computed=True),
        Input("storageClass", computed=True),
        TAGS,
    ),
    outputs=("arn", "etag", "tagsAll", "versionId"),
    volatile=frozenset({"etag", "versionId"}),
    naming=Naming("key", longest=1024, random=False),
    follows=follow,
)

S3_TYPES = (_BUCKET_TYPE, _PUBLIC_ACCESS_BLOCK, _OWNERSHIP, _ENCRYPTION, _POLICY, _VERSIONING, _LIFECYCLE, _OBJECT)
