"""The resource types of IAM.

Source of replace triggers and defaults: the schemas in
https://github.com/hashicorp/terraform-provider-google/tree/main/google/services/resourcemanager.
"""

from lightly_sandbox.kinds.gcs.mock_provider.account import Account
from lightly_sandbox.kinds.gcs.mock_provider.account_key import ALGORITHM, PRIVATE, PUBLIC, AccountKey
from lightly_sandbox.kinds.gcs.mock_provider.custom_role import CustomRole
from lightly_sandbox.kinds.gcs.mock_provider.storage_types import PROJECT
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType

_STAGES = ("ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP")

_ROLE = ResourceType(
    "gcp:projects/iAMCustomRole:IAMCustomRole",
    "custom IAM role",
    handler=CustomRole(),
    inputs=(
        Input("description", default="", longest=256),
        Input("permissions", Kind.STRINGS, required=True),
        PROJECT,
        Input("roleId", replace=True, longest=64),
        Input("stage", default="GA", allowed=_STAGES),
        Input("title", required=True, longest=100),
    ),
    outputs=("deleted", "name"),
)

_ACCOUNT = ResourceType(
    "gcp:serviceaccount/account:Account",
    "service account",
    handler=Account(),
    inputs=(
        Input("accountId", replace=True, longest=30),
        Input("description", default="", longest=256),
        Input("disabled", Kind.BOOLEAN, default=False),
        Input("displayName", default="", longest=100),
        PROJECT,
    ),
    outputs=("email", "member", "name", "uniqueId"),
    naming=Naming("accountId", longest=30, lowercase=True),
)

_KEY = ResourceType(
    "gcp:serviceaccount/key:Key",
    "key of the service account",
    handler=AccountKey(),
    inputs=(
        Input("keepers", Kind.STRING_MAP, replace=True, remembered=True),
        Input(
            "keyAlgorithm",
            replace=True,
            default=ALGORITHM,
            allowed=("KEY_ALG_UNSPECIFIED", "KEY_ALG_RSA_1024", ALGORITHM),
        ),
        Input("privateKeyType", replace=True, default=PRIVATE, allowed=(PRIVATE,)),
        Input("publicKeyType", replace=True, default=PUBLIC, allowed=("TYPE_NONE", PUBLIC, "TYPE_RAW_PUBLIC_KEY")),
        Input("serviceAccountId", required=True, replace=True),
    ),
    outputs=("name", "privateKey", "publicKey", "validAfter", "validBefore"),
    secret=frozenset({"privateKey"}),
)

IAM_TYPES = (_ROLE, _ACCOUNT, _KEY)
