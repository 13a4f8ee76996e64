"""The resource types of `gcp` by token; a test compares every name in them with the SDK."""

from lightly_sandbox.kinds.gcs.mock_provider.iam_types import IAM_TYPES
from lightly_sandbox.kinds.gcs.mock_provider.storage_types import STORAGE_TYPES

TYPES = {kind.token: kind for kind in (*STORAGE_TYPES, *IAM_TYPES)}
