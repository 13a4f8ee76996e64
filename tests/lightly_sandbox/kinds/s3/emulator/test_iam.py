"""IAM: who may change it, and the rules that moto leaves out."""

import pytest
from botocore.exceptions import ClientError

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, Aws, allow, attempt, policy, statement, trust


def _message(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Message"])


def test_only_those_who_may_change_iam_change_it(aws: Aws) -> None:
    mine = f"arn:aws:iam::123456789012:user/{aws.name('mine')}"
    iam = aws.client("iam", aws.user(allow("iam:CreateUser", mine)))
    assert attempt(lambda: iam.create_user(UserName=aws.name("mine"))) == ALLOWED
    with pytest.raises(ClientError) as error:
        iam.create_user(UserName=aws.name("other"))
    assert _message(error) == (
        f"User: {aws.user_arn()} is not authorized to perform: iam:CreateUser on resource: "
        f"arn:aws:iam::123456789012:user/{aws.name('other')} "
        "because no identity-based policy allows the iam:CreateUser action"
    )


def test_nobody_gives_himself_rights(aws: Aws) -> None:
    iam = aws.client("iam", aws.user(allow("s3:*")))
    name = aws.name("user")
    everything = allow("*")
    assert (
        attempt(lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=everything)) == "AccessDenied"
    )
    assert attempt(lambda: iam.create_access_key(UserName=name)) == "AccessDenied"
    assert attempt(iam.create_access_key) == "AccessDenied"


def test_paths_count(aws: Aws) -> None:
    user = aws.user(allow("iam:CreateRole", "arn:aws:iam::123456789012:role/lightly/*"))
    create = aws.client("iam", user).create_role
    document = trust({"AWS": "*"})
    assert attempt(lambda: create(RoleName="x", AssumeRolePolicyDocument=document)) == "AccessDenied"
    name = aws.name("inside")
    assert attempt(lambda: create(RoleName=name, Path="/lightly/", AssumeRolePolicyDocument=document)) == ALLOWED
    delete = aws.client("iam", aws.user(allow("iam:DeleteRole", "arn:aws:iam::123456789012:role/*x"), what="other"))
    assert attempt(lambda: delete.delete_role(RoleName=name)) == "AccessDenied"


def test_a_boundary_can_be_demanded(aws: Aws) -> None:
    boundary = aws.managed(allow("s3:*"))
    user = aws.user(allow("iam:CreateUser", Condition={"StringEquals": {"iam:PermissionsBoundary": boundary}}))
    iam = aws.client("iam", user)
    assert attempt(lambda: iam.create_user(UserName=aws.name("free"))) == "AccessDenied"
    assert attempt(lambda: iam.create_user(UserName=aws.name("bound"), PermissionsBoundary=boundary)) == ALLOWED


def test_tags_of_the_request_can_be_demanded(aws: Aws) -> None:
    demanded = {"StringEquals": {"aws:RequestTag/team": "vision"}}
    user = aws.user(allow(["iam:CreateUser", "iam:TagUser"], Condition=demanded))
    iam, tags = aws.client("iam", user), [{"Key": "team", "Value": "vision"}]
    assert attempt(lambda: iam.create_user(UserName=aws.name("plain"))) == "AccessDenied"
    assert attempt(lambda: iam.create_user(UserName=aws.name("tagged"), Tags=tags)) == ALLOWED


def test_to_tag_what_is_being_made_is_a_permission_of_its_own(aws: Aws) -> None:
    user = aws.user(allow(["iam:CreateUser", "iam:CreateRole"]))
    iam, tags = aws.client("iam", user), [{"Key": "team", "Value": "vision"}]
    trusted = trust({"AWS": "123456789012"})
    assert attempt(lambda: iam.create_user(UserName=aws.name("plain"))) == ALLOWED
    assert attempt(lambda: iam.create_user(UserName=aws.name("tagged"), Tags=tags)) == "AccessDenied"
    new = {"RoleName": aws.name("tagged"), "AssumeRolePolicyDocument": trusted}
    assert attempt(lambda: iam.create_role(**new, Tags=tags)) == "AccessDenied"
    assert attempt(lambda: iam.create_role(**new)) == ALLOWED


def test_the_boundary_of_a_user_can_change_and_go(aws: Aws) -> None:
    boundary, bucket = aws.managed(allow("s3:ListBucket")), aws.bucket("a")
    user, name, iam = aws.user(allow("s3:*")), aws.name("user"), aws.client("iam")

    def get() -> object:
        return aws.client("s3", user).get_object(Bucket=bucket, Key="a")

    iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=boundary)
    with pytest.raises(ClientError) as error:
        get()
    assert _message(error).endswith("because no permissions boundary allows the s3:GetObject action")
    assert attempt(lambda: iam.delete_policy(PolicyArn=boundary)) == "DeleteConflict"
    iam.delete_user_permissions_boundary(UserName=name)
    assert attempt(get) == ALLOWED
    assert attempt(lambda: iam.delete_policy(PolicyArn=boundary)) == ALLOWED


def test_group_and_managed_policies_count(aws: Aws) -> None:
    iam, user, bucket = aws.client("iam"), aws.user(), aws.bucket("a")
    s3, group, name = aws.client("s3", user), aws.name("group"), aws.name("user")
    iam.create_group(GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=allow("s3:GetObject"))
    managed = aws.managed(allow("s3:ListBucket"))
    iam.attach_group_policy(GroupName=group, PolicyArn=managed)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == "AccessDenied"
    iam.add_user_to_group(GroupName=group, UserName=name)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == ALLOWED
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket)) == ALLOWED
    iam.create_policy_version(PolicyArn=managed, PolicyDocument=allow("s3:PutObject"), SetAsDefault=True)
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket)) == "AccessDenied"
    assert attempt(lambda: iam.delete_group(GroupName=group)) == "DeleteConflict"
    assert attempt(lambda: iam.delete_user(UserName=name)) == "DeleteConflict"


def test_users_go_after_their_keys_and_roles_after_their_policies(aws: Aws) -> None:
    iam, user = aws.client("iam"), aws.user()
    assert attempt(lambda: iam.delete_user(UserName=aws.name("user"))) == "DeleteConflict"
    iam.delete_access_key(UserName=aws.name("user"), AccessKeyId=user.id)
    assert attempt(lambda: iam.delete_user(UserName=aws.name("user"))) == ALLOWED
    aws.role(trust({"AWS": "*"}), allow("s3:*"))
    assert attempt(lambda: iam.delete_role(RoleName=aws.name("role"))) == "DeleteConflict"
    iam.delete_role_policy(RoleName=aws.name("role"), PolicyName="p0")
    assert attempt(lambda: iam.delete_role(RoleName=aws.name("role"))) == ALLOWED
    assert attempt(lambda: iam.delete_role(RoleName=aws.name("role"))) == "NoSuchEntity"


def test_a_user_has_two_keys_at_most(aws: Aws) -> None:
    iam = aws.client("iam")
    aws.user()
    assert attempt(lambda: iam.create_access_key(UserName=aws.name("user"))) == ALLOWED
    assert attempt(lambda: iam.create_access_key(UserName=aws.name("user"))) == "LimitExceeded"


@pytest.mark.parametrize(
    "document",
    [
        "no json",
        policy({"Effect": "Perhaps", "Action": "s3:*", "Resource": "*"}),
        policy(statement("Allow", "everything", "*")),
        policy(statement("Allow", "s3:GetObject", "bucket")),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(aws: Aws, document: str) -> None:
    aws.user()
    iam = aws.client("iam")
    put = attempt(lambda: iam.put_user_policy(UserName=aws.name("user"), PolicyName="p", PolicyDocument=document))
    assert put == "MalformedPolicyDocument"


def test_a_trust_policy_names_somebody_who_exists(aws: Aws) -> None:
    create = aws.client("iam").create_role
    missing = trust({"AWS": "arn:aws:iam::123456789012:user/nobody"})
    assert attempt(lambda: create(RoleName="x", AssumeRolePolicyDocument=missing)) == "MalformedPolicyDocument"


def test_session_duration_of_a_role_has_bounds(aws: Aws) -> None:
    create = aws.client("iam", parameter_validation=False).create_role
    for seconds, code in ((3599, "ValidationError"), (43201, "ValidationError"), (43200, ALLOWED)):
        made = attempt(
            lambda seconds=seconds: create(  # type: ignore[misc]  # bound in the loop
                RoleName=aws.name(f"r{seconds}"),
                AssumeRolePolicyDocument=trust({"AWS": "*"}),
                MaxSessionDuration=seconds,
            )
        )
        assert made == code


def test_accounts_are_apart(aws: Aws) -> None:
    aws.user()
    names = [user["UserName"] for user in aws.client("iam", aws.admin("stranger")).list_users()["Users"]]
    assert names == ["administrator"]
    get = aws.client("iam", aws.admin("lightly")).get_user
    assert attempt(lambda: get(UserName=aws.name("user"))) == "NoSuchEntity"
