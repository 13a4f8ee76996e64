"""The resource types of `aws` by token; a test compares every name in them with the SDK."""

from lightly_sandbox.kinds.s3.mock_provider.iam_types import IAM_TYPES
from lightly_sandbox.kinds.s3.mock_provider.kms_types import KMS_TYPES
from lightly_sandbox.kinds.s3.mock_provider.s3_types import S3_TYPES

TYPES = {kind.token: kind for kind in (*S3_TYPES, *IAM_TYPES, *KMS_TYPES)}
