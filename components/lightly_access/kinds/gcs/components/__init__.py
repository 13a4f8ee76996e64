"""Google Cloud Storage: the bucket, and the access that Lightly supports, a key of a service account."""

from lightly_access.kinds.gcs.components.bucket import GcsBucket, GcsBucketArgs
from lightly_access.kinds.gcs.components.service_account import GcsServiceAccountAccess, GcsServiceAccountAccessArgs

__all__ = ["GcsBucket", "GcsBucketArgs", "GcsServiceAccountAccess", "GcsServiceAccountAccessArgs"]
