"""What AWS accepts, where both the manifest and the documents that are rendered ask for it; the only place."""

import re

BUCKET_PATTERN = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
"""A general purpose bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

VPC_PATTERN = "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$"
"""The id of a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/"""

WIDEST_RANGE = {4: 8, 6: 16}
"""The shortest prefix of a range of addresses, by the version of IP. Ours: nobody's network is wider."""

MOST_OF_A_NETWORK = 20
"""VPCs, and as many ranges of addresses. Ours: a policy has room for these and a long path."""

EXTERNAL_ID_CHARACTERS = "[a-zA-Z0-9_+=,.@:/-]"
SHORTEST_EXTERNAL_ID, LONGEST_EXTERNAL_ID = 10, 1224
"""Lightly's shortest (lightly 1.5.26, datasource_config_s3_delegated_access.py), AWS's longest
(https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)."""

EXTERNAL_ID = re.compile(f"{EXTERNAL_ID_CHARACTERS}{{{SHORTEST_EXTERNAL_ID},{LONGEST_EXTERNAL_ID}}}")
KMS_KEY_ARN = re.compile(r"arn:aws:kms:([a-z0-9-]+):[0-9]{12}:key/[a-zA-Z0-9-]+")
"""Of partition aws: Lightly takes no other."""

ROLE_NAME_LIMIT, GROUP_NAME_LIMIT = 64, 128
"""Characters of a name; a user's is like a role's
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
