"""The resource types of Cloud Storage.

Source of replace triggers and defaults: the schemas in https://github.com/hashicorp/terraform-provider-google/tree/main/google/services/storage.
"""

from lightly_sandbox.kinds.gcs.mock_provider.bucket import Bucket
from lightly_sandbox.kinds.gcs.mock_provider.bucket_member import BucketIamMember, same_bucket
from lightly_sandbox.kinds.gcs.mock_provider.bucket_object import BucketObject
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType

PROJECT = Input("project", replace=True, computed=True)


def _same_place(left: str, right: str) -> bool:
    """Cloud Storage writes locations in capitals."""
    return left.upper() == right.upper()


_RULE = (
    Input(
        "action",
        Kind.RECORD,
        required=True,
        fields=(
            Input("type", required=True, allowed=("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload")),
            Input("storageClass"),
        ),
    ),
    Input(
        "condition",
        Kind.RECORD,
        required=True,
        fields=(
            Input("age", Kind.INTEGER),
            Input("daysSinceNoncurrentTime", Kind.INTEGER),
            Input("matchesPrefixes", Kind.STRINGS),
            Input("matchesSuffixes", Kind.STRINGS),
            Input("numNewerVersions", Kind.INTEGER),
            Input("withState", allowed=("LIVE", "ARCHIVED", "ANY")),
        ),
    ),
)

_BUCKET = ResourceType(
    "gcp:storage/bucket:Bucket",
    "Cloud Storage bucket",
    handler=Bucket(),
    inputs=(
        Input("forceDestroy", Kind.BOOLEAN, default=False, remembered=True),
        Input("labels", Kind.STRING_MAP),
        Input("lifecycleRules", Kind.RECORDS, fields=_RULE),
        Input("location", required=True, replace=True, alike=_same_place),
        Input("name", replace=True, longest=63),
        PROJECT,
        Input("publicAccessPrevention", computed=True, allowed=("inherited", "enforced")),
        Input(
            "softDeletePolicy", Kind.RECORD, computed=True, fields=(Input("retentionDurationSeconds", Kind.INTEGER),)
        ),
        Input("storageClass", default="STANDARD"),
        Input("uniformBucketLevelAccess", Kind.BOOLEAN, computed=True),
        Input("versioning", Kind.RECORD, computed=True, fields=(Input("enabled", Kind.BOOLEAN, required=True),)),
    ),
    outputs=("effectiveLabels", "projectNumber", "pulumiLabels", "selfLink", "timeCreated", "updated", "url"),
    secret=frozenset({"effectiveLabels", "pulumiLabels"}),
    volatile=frozenset({"effectiveLabels", "pulumiLabels", "updated"}),
    naming=Naming("name", longest=63, lowercase=True),
)

_OBJECT = ResourceType(
    "gcp:storage/bucketObject:BucketObject",
    "Cloud Storage object",
    handler=BucketObject(),
    inputs=(
        Input("bucket", required=True, replace=True),
        Input("cacheControl", replace=True, default=""),
        Input("content", remembered=True),
        Input("contentType", replace=True, computed=True),
        Input("metadata", Kind.STRING_MAP, replace=True),
        Input("name", replace=True, longest=1024),
        Input("storageClass", replace=True, computed=True),
    ),
    outputs=("crc32c", "generation", "md5hash", "md5hexhash", "mediaLink", "outputName", "selfLink"),
    secret=frozenset({"content"}),
    volatile=frozenset({"crc32c", "generation", "md5hash", "md5hexhash", "mediaLink"}),
    naming=Naming("name", longest=1024),
)

_MEMBER = ResourceType(
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    "IAM member of the Cloud Storage bucket",
    handler=BucketIamMember(),
    inputs=(
        Input("bucket", required=True, replace=True, alike=same_bucket),
        Input(
            "condition",
            Kind.RECORD,
            replace=True,
            fields=(Input("description"), Input("expression", required=True), Input("title", required=True)),
        ),
        Input("member", required=True, replace=True),
        Input("role", required=True, replace=True),
    ),
    outputs=("etag",),
)

STORAGE_TYPES = (_BUCKET, _OBJECT, _MEMBER)
