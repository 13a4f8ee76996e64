"""The resource types of KMS.

Source of replace triggers and defaults: the schemas in https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/kms.
"""

from lightly_sandbox.kinds.s3.mock_provider.key import Alias, Key, same_key
from lightly_sandbox.kinds.s3.mock_provider.shared_inputs import NAME_PREFIX, REGION, TAGS, flag
from lightly_sandbox.kinds.s3.mock_provider.tags import follow
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType

_KEY = ResourceType(
    "aws:kms/key:Key",
    "KMS key",
    handler=Key(),
    inputs=(
        flag("bypassPolicyLockoutSafetyCheck", remembered=True),
        Input("customerMasterKeySpec", default="SYMMETRIC_DEFAULT", replace=True),
        Input("deletionWindowInDays", Kind.INTEGER, remembered=True, least=7, most=30),
        Input("description", computed=True, longest=8192),
        flag("enableKeyRotation"),
        Input("isEnabled", Kind.BOOLEAN, default=True),
        Input("keyUsage", default="ENCRYPT_DECRYPT", replace=True),
        Input("multiRegion", Kind.BOOLEAN, computed=True, replace=True),
        Input("policy", Kind.DOCUMENT, computed=True),
        REGION,
        Input("rotationPeriodInDays", Kind.INTEGER, computed=True, least=90, most=2560),
        TAGS,
    ),
    outputs=("arn", "keyId", "tagsAll"),
    follows=follow,
)

_ALIAS = ResourceType(
    "aws:kms/alias:Alias",
    "KMS alias",
    handler=Alias(),
    inputs=(
        Input("name", replace=True, longest=256, pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+"),
        NAME_PREFIX,
        REGION,
        Input("targetKeyId", required=True, alike=same_key),
    ),
    outputs=("arn", "targetKeyArn"),
    volatile=frozenset({"targetKeyArn"}),
    naming=Naming("name", "namePrefix", longest=256, starts="alias/"),
)

KMS_TYPES = (_KEY, _ALIAS)
