"""Amazon S3: the bucket, and the two accesses that Lightly supports, a role it assumes or a user's access key."""

from lightly_access.kinds.s3.components.bucket import S3Bucket, S3BucketArgs
from lightly_access.kinds.s3.components.delegated import S3DelegatedAccess
from lightly_access.kinds.s3.components.grant import S3AccessArgs
from lightly_access.kinds.s3.components.network import Network
from lightly_access.kinds.s3.components.user import S3UserAccess, S3UserAccessArgs

__all__ = [
    "Network",
    "S3AccessArgs",
    "S3Bucket",
    "S3BucketArgs",
    "S3DelegatedAccess",
    "S3UserAccess",
    "S3UserAccessArgs",
]
