"""The resource types of IAM.

Source of replace triggers and defaults: the schemas in https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam.
"""

from lightly_sandbox.kinds.s3.mock_provider.access_key import AccessKey
from lightly_sandbox.kinds.s3.mock_provider.group import Group, UserGroupMembership
from lightly_sandbox.kinds.s3.mock_provider.policies import InlinePolicy
from lightly_sandbox.kinds.s3.mock_provider.role import DEFAULT_SESSION_SECONDS, Role
from lightly_sandbox.kinds.s3.mock_provider.shared_inputs import FORCE_DESTROY, NAME_PREFIX, TAGS, flag
from lightly_sandbox.kinds.s3.mock_provider.tags import follow
from lightly_sandbox.kinds.s3.mock_provider.user import User
from lightly_sandbox.mock_providers.resource import Input, Kind, Naming, ResourceType

_FOLDERS = r"/([!-~]+/)?"
_PATH = Input("path", default="/", longest=512, pattern=_FOLDERS)
_NAMED = r"[\w+=,.@-]*"
_DESCRIBED = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"
"""The alphabets of names and of a role's description: validate.go and role.go in internal/service/iam there."""
_BOUNDARY = Input("permissionsBoundary")

_ROLE = ResourceType(
    "aws:iam/role:Role",
    "IAM role",
    handler=Role(),
    inputs=(
        Input("assumeRolePolicy", Kind.DOCUMENT, required=True),
        Input("description", default="", longest=1000, pattern=_DESCRIBED),
        flag("forceDetachPolicies", remembered=True),
        Input("maxSessionDuration", Kind.INTEGER, default=DEFAULT_SESSION_SECONDS, least=3600, most=43200),
        Input("name", replace=True, longest=64, pattern=_NAMED),
        NAME_PREFIX,
        Input("path", default="/", replace=True, longest=512, pattern=_FOLDERS),
        _BOUNDARY,
        TAGS,
    ),
    outputs=("arn", "createDate", "tagsAll", "uniqueId"),
    naming=Naming("name", "namePrefix", longest=64),
    follows=follow,
)

_ROLE_POLICY = ResourceType(
    "aws:iam/rolePolicy:RolePolicy",
    "inline policy of the IAM role",
    handler=InlinePolicy("role"),
    inputs=(
        Input("name", replace=True, longest=128, pattern=_NAMED),
        NAME_PREFIX,
        Input("policy", Kind.DOCUMENT, required=True),
        Input("role", required=True, replace=True),
    ),
    naming=Naming("name", "namePrefix", longest=128),
)

_USER = ResourceType(
    "aws:iam/user:User",
    "IAM user",
    handler=User(),
    inputs=(FORCE_DESTROY, Input("name", longest=64, pattern=_NAMED), _PATH, _BOUNDARY, TAGS),
    outputs=("arn", "tagsAll", "uniqueId"),
    volatile=frozenset({"arn"}),
    naming=Naming("name", longest=64),
    follows=follow,
)

_GROUP = ResourceType(
    "aws:iam/group:Group",
    "IAM group",
    handler=Group(),
    inputs=(Input("name", longest=128, pattern=_NAMED), _PATH),
    outputs=("arn", "uniqueId"),
    volatile=frozenset({"arn"}),
    naming=Naming("name", longest=128),
)

_GROUP_POLICY = ResourceType(
    "aws:iam/groupPolicy:GroupPolicy",
    "inline policy of the IAM group",
    handler=InlinePolicy("group"),
    inputs=(
        Input("group", required=True, replace=True),
        Input("name", replace=True, longest=128, pattern=_NAMED),
        NAME_PREFIX,
        Input("policy", Kind.DOCUMENT, required=True),
    ),
    naming=Naming("name", "namePrefix", longest=128),
)

_MEMBERSHIP = ResourceType(
    "aws:iam/userGroupMembership:UserGroupMembership",
    "group membership of the IAM user",
    handler=UserGroupMembership(),
    inputs=(Input("groups", Kind.STRINGS, required=True), Input("user", required=True, replace=True)),
)

_ACCESS_KEY = ResourceType(
    "aws:iam/accessKey:AccessKey",
    "IAM access key",
    handler=AccessKey(),
    inputs=(
        Input("status", default="Active", allowed=("Active", "Inactive")),
        Input("user", required=True, replace=True),
    ),
    outputs=("createDate", "secret", "sesSmtpPasswordV4"),
    secret=frozenset({"secret", "sesSmtpPasswordV4"}),
)

IAM_TYPES = (_ROLE, _ROLE_POLICY, _USER, _GROUP, _GROUP_POLICY, _MEMBERSHIP, _ACCESS_KEY)
