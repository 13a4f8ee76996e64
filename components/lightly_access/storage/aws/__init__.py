"""Amazon S3: the bucket, and the two ways in that Lightly supports, a role it assumes or a user's access key."""

from lightly_policies.network import Network

from lightly_access.storage.aws.bucket import S3Bucket, S3BucketArgs
from lightly_access.storage.aws.delegated import S3DelegatedAccess
from lightly_access.storage.aws.grant import S3AccessArgs
from lightly_access.storage.aws.user import S3UserAccess, S3UserAccessArgs

__all__ = [
    "Network",
    "S3AccessArgs",
    "S3Bucket",
    "S3BucketArgs",
    "S3DelegatedAccess",
    "S3UserAccess",
    "S3UserAccessArgs",
]
