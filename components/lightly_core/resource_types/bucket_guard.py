"""`lightly:index:BucketGuard`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType, map_of

BUCKET_GUARD = ResourceType(
    "lightly:index:BucketGuard",
    "What a bucket of S3 holds, looked at before it or its KMS key would be deleted: what our own probes left is "
    "cleaned up, and what is somebody's keeps the bucket and the key.",
    inputs=(
        Property("bucket", TEXT, "The bucket.", required=True, replaces=True),
        Property("region", TEXT, "Its AWS region.", required=True),
        Property("kmsKeyArn", TEXT, "The KMS key that was made for it: it is given up only when nothing needs it."),
        Property("forceDestroy", FLAG, "The bucket may be deleted with all that it holds.", default=False),
        Property(
            "login",
            map_of(TEXT),
            "Of whoever deploys, where the environment's is not meant: `profile`, `accessKeyId`, `secretAccessKey`, "
            "`sessionToken`, `roleArn`, `externalId`.",
            secret=True,
        ),
    ),
)
