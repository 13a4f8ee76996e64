"""What somebody may do in AWS."""

import json
from typing import Any

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT
from lightly_sandbox.kinds.s3.client import account, make_bucket

from tests.stacks.changed.change import Change
from tests.stacks.changed.deployment import Deployment

LAKE, RESULTS = "acme-datalake", "acme-lightly-results"
WIDE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
MANAGED = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _iam(deployment: Deployment) -> Any:
    return account(deployment.sandbox, "customer").iam


def _s3(deployment: Deployment) -> Any:
    return account(deployment.sandbox, "customer").s3


def _role(deployment: Deployment) -> str:
    return str(deployment.made("aws:iam/role:Role", "cows-input-access-role")["name"])


def _user(deployment: Deployment) -> str:
    return str(deployment.made("aws:iam/user:User", "cows-lightly-access-user")["name"])


def _group(deployment: Deployment) -> str:
    return str(deployment.made("aws:iam/group:Group", "cows-lightly-access-group")["name"])


def _key(deployment: Deployment) -> str:
    return str(deployment.made("aws:iam/accessKey:AccessKey", "cows-lightly-access-key")["id"])


def _other_keys(deployment: Deployment) -> list[str]:
    listed = _iam(deployment).list_access_keys(UserName=_user(deployment))["AccessKeyMetadata"]
    return [each["AccessKeyId"] for each in listed if each["AccessKeyId"] != _key(deployment)]


def _drop_other_keys(deployment: Deployment) -> None:
    for key in _other_keys(deployment):
        _iam(deployment).delete_access_key(UserName=_user(deployment), AccessKeyId=key)


def _join(deployment: Deployment) -> None:
    iam = _iam(deployment)
    iam.create_group(GroupName="others")
    iam.put_group_policy(GroupName="others", PolicyName="wide", PolicyDocument=WIDE)
    iam.add_user_to_group(GroupName="others", UserName=_user(deployment))


def _intrude(deployment: Deployment) -> None:
    _iam(deployment).create_user(UserName="mallory")
    _iam(deployment).add_user_to_group(GroupName=_group(deployment), UserName="mallory")


def _widen_trust(deployment: Deployment) -> None:
    iam, role = _iam(deployment), _role(deployment)
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    del trust["Statement"][0]["Condition"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))


def _allow(deployment: Deployment, bucket: str, principal: str) -> None:
    """One more statement in the policy of a bucket."""
    s3 = _s3(deployment)
    try:
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except s3.exceptions.ClientError:
        policy = {"Version": "2012-10-17", "Statement": []}
    where = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    added = {"Sid": "Added", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "s3:*", "Resource": where}
    policy["Statement"].append(added)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _delete_role(deployment: Deployment) -> None:
    iam, role = _iam(deployment), _role(deployment)
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)


def _delete_user(deployment: Deployment) -> None:
    iam, user = _iam(deployment), _user(deployment)
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    for group in iam.list_groups_for_user(UserName=user)["Groups"]:
        iam.remove_user_from_group(UserName=user, GroupName=group["GroupName"])
    iam.delete_user(UserName=user)


def _delete_group(deployment: Deployment) -> None:
    iam, group = _iam(deployment), _group(deployment)
    iam.remove_user_from_group(UserName=_user(deployment), GroupName=group)
    for name in iam.list_group_policies(GroupName=group)["PolicyNames"]:
        iam.delete_group_policy(GroupName=group, PolicyName=name)
    iam.delete_group(GroupName=group)


def _delete_bucket(deployment: Deployment, bucket: str) -> None:
    s3 = _s3(deployment)
    for version in s3.list_object_versions(Bucket=bucket).get("Versions", []):
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def _remake_lake(deployment: Deployment) -> None:
    s3 = _s3(deployment)
    make_bucket(s3, "acme-datalake")
    s3.put_object(Bucket="acme-datalake", Key="projects/farm-animals/1.png", Body=b"\x89PNG")


BESIDE = (
    Change(
        "s3", "an inline policy is added to our role", "cows", "policy-beside", "delete-role-policy", "leaves it",
        lambda d: _iam(d).put_role_policy(RoleName=_role(d), PolicyName="theirs", PolicyDocument=WIDE),
        lambda d: _iam(d).delete_role_policy(RoleName=_role(d), PolicyName="theirs"),
    ),
    Change(
        "s3", "a managed policy is attached to our role", "cows", "policy-beside", "detach-role-policy",
        "leaves it",
        lambda d: _iam(d).attach_role_policy(RoleName=_role(d), PolicyArn=MANAGED),
        lambda d: _iam(d).detach_role_policy(RoleName=_role(d), PolicyArn=MANAGED),
    ),
    Change(
        "s3", "an inline policy is added to our user", "cows", "policy-beside", "delete-user-policy", "leaves it",
        lambda d: _iam(d).put_user_policy(UserName=_user(d), PolicyName="theirs", PolicyDocument=WIDE),
        lambda d: _iam(d).delete_user_policy(UserName=_user(d), PolicyName="theirs"),
    ),
    Change(
        "s3", "a managed policy is attached to our group", "cows", "policy-beside", "aws iam detach-group-policy",
        "leaves it",
        lambda d: _iam(d).attach_group_policy(GroupName=_group(d), PolicyArn=MANAGED),
        lambda d: _iam(d).detach_group_policy(GroupName=_group(d), PolicyArn=MANAGED),
    ),
    Change(
        "s3", "our user is put into another group", "cows", "group-beside", "--group-name others", "leaves it", _join,
        lambda d: _iam(d).remove_user_from_group(GroupName="others", UserName=_user(d)),
    ),
    Change(
        "s3", "another user is put into our group", "cows", "member-beside", "--user-name mallory", "leaves it",
        _intrude,
        lambda d: _iam(d).remove_user_from_group(GroupName=_group(d), UserName="mallory"),
    ),
    Change(
        "s3", "our user gets a second access key", "cows", "key-beside", "aws iam delete-access-key", "leaves it",
        lambda d: _iam(d).create_access_key(UserName=_user(d)), _drop_other_keys,
    ),
    Change(
        "s3", "our user gets a password", "cows", "login-profile", "aws iam delete-login-profile", "leaves it",
        lambda d: _iam(d).create_login_profile(UserName=_user(d), Password="Correct-Horse-1"),
        lambda d: _iam(d).delete_login_profile(UserName=_user(d)),
    ),
    Change(
        "s3", "the policy of your bucket lets Lightly's account in", "cows", "bucket-names-lightly", "take the",
        "leaves it", lambda d: _allow(d, LAKE, f"arn:aws:iam::{LIGHTLY_AWS_ACCOUNT}:root"),
        lambda d: _s3(d).delete_bucket_policy(Bucket=LAKE),
    ),
    Change(
        "s3", "the policy of our bucket gives our user more", "cows", "bucket-names-ours", "take the statement",
        "puts it back", lambda d: _allow(d, RESULTS, d.made("aws:iam/user:User", "cows-lightly-access-user")["arn"]),
    ),
    Change(
        "s3", "the public access block of our bucket is taken away", "cows", "public-possible", "--refresh",
        "puts it back", lambda d: _s3(d).delete_public_access_block(Bucket=RESULTS),
    ),
    Change(
        "s3", "our policy is widened", "cows", "policy-changed", "--refresh", "puts it back",
        lambda d: _iam(d).put_role_policy(RoleName=_role(d), PolicyName="lightly-input", PolicyDocument=WIDE),
    ),
    Change(
        "s3", "our trust policy is widened", "cows", "trust-changed", "--refresh", "puts it back", _widen_trust
    ),
    Change(
        "s3", "our role gets a permissions boundary", "cows", "boundary-changed", "--refresh", "puts it back",
        lambda d: _iam(d).put_role_permissions_boundary(RoleName=_role(d), PermissionsBoundary=MANAGED),
    ),
    Change(
        "s3", "our access key is switched off", "cows", "key-inactive", "--refresh", "puts it back",
        lambda d: _iam(d).update_access_key(UserName=_user(d), AccessKeyId=_key(d), Status="Inactive"),
    ),
)  # fmt: skip
GONE = (
    Change("s3", "our role is deleted", "cows", "gone: role", "--refresh", "makes it again", _delete_role),
    Change(
        "s3", "our access key is deleted", "cows", "gone: access key", "--refresh", "makes it again",
        lambda d: _iam(d).delete_access_key(UserName=_user(d), AccessKeyId=_key(d)),
    ),
    Change(
        "s3", "the policy of our group is deleted", "cows", "gone: policy lightly-lightly", "--refresh",
        "makes it again",
        lambda d: _iam(d).delete_group_policy(GroupName=_group(d), PolicyName="lightly-lightly"),
    ),
)  # fmt: skip
WHOLE = (Change("s3", "our user is deleted", "cows", "gone: user", "--refresh", "makes it again", _delete_user),)
MORE = (
    Change("s3", "our group is deleted", "cows", "gone: group", "--refresh", "makes it again", _delete_group),
    Change(
        "s3", "our bucket is deleted", "cows", f"gone: bucket {RESULTS}", "again, empty", "makes it again",
        lambda d: _delete_bucket(d, RESULTS),
    ),
)  # fmt: skip
YOURS = (
    Change(
        "s3", "your bucket is deleted", "cows", f"gone: bucket {LAKE}", "make it again", "fails, and says so",
        lambda d: _delete_bucket(d, LAKE), _remake_lake, f"there is no bucket {LAKE}",
    ),
)  # fmt: skip
