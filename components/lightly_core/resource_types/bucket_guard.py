"""`lightly:index:BucketGuard`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType, map_of

BUCKET_GUARD = ResourceType(
    "lightly:index:BucketGuard",
    "What a bucket holds, looked at before it or its KMS key would be deleted: what we left there ourselves is "
    "cleaned up, and what is somebody's keeps the bucket and the key.",
    inputs=(
        Property("kind", TEXT, "What the bucket is of: `s3`, which it is when nothing is said, or `gcs`."),
        Property("bucket", TEXT, "The bucket.", required=True, replaces=True),
        Property("region", TEXT, "Where it is: its AWS region, or its location at Google.", required=True),
        Property(
            "kmsKeyArn", TEXT, "The KMS key that was made for it (S3): it is given up only when nothing needs it."
        ),
        Property("forceDestroy", FLAG, "The bucket may be deleted with all that it holds.", default=False),
        Property(
            "login",
            map_of(TEXT),
            "Of whoever deploys, where the environment's is not meant. S3: `profile`, `accessKeyId`, "
            "`secretAccessKey`, `sessionToken`, `roleArn`, `externalId`. Cloud Storage: `accessToken`, "
            "`credentials`, `impersonate`.",
            secret=True,
        ),
    ),
)
