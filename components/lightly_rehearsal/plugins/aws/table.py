"""All resource types of the stand-in for `aws` by token; a test compares every name in them with the SDK's classes."""

from lightly_rehearsal.plugins.aws.iam_types import IAM_TYPES
from lightly_rehearsal.plugins.aws.kms_types import KMS_TYPES
from lightly_rehearsal.plugins.aws.s3_types import S3_TYPES

TYPES = {it.token: it for it in (*S3_TYPES, *IAM_TYPES, *KMS_TYPES)}
