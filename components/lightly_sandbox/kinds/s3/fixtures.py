"""The owner of the AWS account: an adopted bucket, and roles to change."""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lightly_access.kinds.s3.names import IAM_PATH
from lightly_core.capability import Capability

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.kinds.s3.client import account, listings, make_bucket
from lightly_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BROKEN = ("farm-animals", "LIGHTLY")
LAKE = "acme-datalake"
UNFORCED, FORCED = "acme-lightly-footage", "acme-lightly-results"
_INPUTS = ("projects/farm-animals/", "projects/barn-cameras/", "projects/pears/")
_TAKEN = "s3:PutObject"


def _without(action: str, document: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for statement in changed["Statement"]:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        statement["Action"] = [entry for entry in actions if entry != action]
    changed["Statement"] = [statement for statement in changed["Statement"] if statement["Action"]]
    return changed


def _empty(s3: "S3Client", bucket: str) -> None:
    """What its owner would do: delete every version."""
    listed = s3.list_object_versions(Bucket=bucket)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


class S3Fixture(Fixture):
    """The owner of the AWS account."""

    datasets = frozenset({"dashcam", "farm-animals", "barn-cameras"})
    adopted = frozenset({LAKE})
    rotated = ("dashcam", "LIGHTLY")
    # A real IAM takes seconds to know a new key, and says so in two different ways on the way.
    slow: Mapping[str, object] = {"propagation": {"invalid_seconds": 0.4, "denied_seconds": 0.4}}

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        s3, found = account(sandbox, "customer").s3, list(files)
        make_bucket(s3, LAKE)
        for prefix in _INPUTS:
            for name, content in found:
                s3.put_object(Bucket=LAKE, Key=prefix + name, Body=content)

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        return listings(account(sandbox, "customer").s3)

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take s3:PutObject from the policy of a LIGHTLY role."""
        name = credential_log.current(*BROKEN).identity.rsplit("/", 1)[-1]
        iam = account(sandbox, "customer").iam
        policy_name = iam.list_role_policies(RoleName=name)["PolicyNames"][0]
        document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy_name)["PolicyDocument"]
        iam.put_role_policy(
            RoleName=name, PolicyName=policy_name, PolicyDocument=json.dumps(_without(_TAKEN, document))
        )
        return Broken(*BROKEN, _TAKEN, frozenset({Capability.WRITE, Capability.OVERWRITE}))

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """An object in each bucket that we made: only the one that may be destroyed with its objects may go."""
        s3 = account(sandbox, "customer").s3
        for bucket in (UNFORCED, FORCED):
            s3.put_object(Bucket=bucket, Key=PRECIOUS, Body=b"precious")
        return [Guard("a bucket with objects", (UNFORCED, "objects"), lambda: _empty(s3, UNFORCED))]

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Roles, users and groups below our path."""
        iam = account(sandbox, "customer").iam
        found = [f"role {role['RoleName']}" for role in iam.list_roles(PathPrefix=IAM_PATH)["Roles"]]
        found += [f"user {user['UserName']}" for user in iam.list_users(PathPrefix=IAM_PATH)["Users"]]
        return found + [f"group {group['GroupName']}" for group in iam.list_groups(PathPrefix=IAM_PATH)["Groups"]]

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        s3 = account(sandbox, "customer").s3
        here = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
        for bucket in sorted({urlsplit(path).netloc for path in paths} - here):
            make_bucket(s3, bucket)
