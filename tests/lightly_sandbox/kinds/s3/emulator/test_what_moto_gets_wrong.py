"""What moto 5.2.5 does not enforce, line by line: right behind the gateway, and shown to be wrong without it.

Shown elsewhere and behind the gateway only, because moto needs a server of its own (and a clock) for them: the expiry
of sessions and presigned URLs, anonymous requests (test_authentication.py).
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.lightly_sandbox.kinds.s3.emulator.aws import (
    ALLOWED,
    Aws,
    allow,
    attempt,
    plain_moto,
    policy,
    statement,
    trust,
)

Scenario = Callable[[Aws], str]
DENIED = "AccessDenied"
ID = {"StringEquals": {"sts:ExternalId": "right-external-id"}}
_SCENARIOS: dict[str, tuple[Scenario, str, str]] = {}


def scenario(expected: str, *, moto: str) -> Callable[[Scenario], Scenario]:
    """Register a scenario with what AWS answers and what moto alone answers."""

    def register(function: Scenario) -> Scenario:
        _SCENARIOS[function.__name__] = (function, expected, moto)
        return function

    return register


def _list(aws: Aws, keys: Any, bucket: str, **more: Any) -> str:
    return attempt(lambda: aws.client("s3", keys).list_objects_v2(Bucket=bucket, **more))


def _get(aws: Aws, keys: Any, bucket: str, key: str) -> str:
    return attempt(lambda: aws.client("s3", keys).get_object(Bucket=bucket, Key=key))


@scenario(DENIED, moto=ALLOWED)
def condition_on_the_prefix(aws: Aws) -> str:
    user = aws.user(allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": "mine/*"}}))
    bucket = aws.bucket("theirs/a")
    return _list(aws, user, bucket, Prefix="theirs/")


@scenario(DENIED, moto=ALLOWED)
def condition_on_the_address(aws: Aws) -> str:
    user = aws.user(allow("s3:ListBucket", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
    return _list(aws, user, aws.bucket())


@scenario(ALLOWED, moto=DENIED)
def deny_whose_condition_does_not_hold(aws: Aws) -> str:
    deny = statement("Deny", "s3:*", "*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    user = aws.user(policy(deny, statement("Allow", "s3:*", "*")))
    return _list(aws, user, aws.bucket())


def _assume(aws: Aws, keys: Any, role: str, **more: Any) -> str:
    return attempt(lambda: aws.assume(keys, role, **more))


def _lightly_role(aws: Aws) -> str:
    return aws.role(trust({"AWS": f"arn:aws:iam::{aws.accounts['lightly']['account']}:root"}, **ID))


@scenario(DENIED, moto=ALLOWED)
def wrong_external_id_across_accounts(aws: Aws) -> str:
    return _assume(aws, aws.admin("lightly"), _lightly_role(aws), ExternalId="wrong-external-id")


@scenario(DENIED, moto=ALLOWED)
def no_external_id_across_accounts(aws: Aws) -> str:
    return _assume(aws, aws.admin("lightly"), _lightly_role(aws))


@scenario(DENIED, moto=ALLOWED)
def another_account_with_the_right_external_id(aws: Aws) -> str:
    return _assume(aws, aws.admin("stranger"), _lightly_role(aws), ExternalId="right-external-id")


@scenario(DENIED, moto=ALLOWED)
def a_role_that_does_not_exist(aws: Aws) -> str:
    return _assume(aws, aws.admin("lightly"), "arn:aws:iam::123456789012:role/nobody")


@scenario(DENIED, moto=ALLOWED)
def missing_external_id_in_the_same_account(aws: Aws) -> str:
    return _assume(aws, aws.admin(), aws.role(trust({"AWS": "*"}, **ID)))


@scenario(DENIED, moto=ALLOWED)
def string_like_in_a_trust_policy(aws: Aws) -> str:
    role = aws.role(trust({"AWS": "*"}, StringLike={"sts:ExternalId": "right-*"}))
    return _assume(aws, aws.admin(), role, ExternalId="wrong-1")


@scenario(DENIED, moto=ALLOWED)
def deny_in_a_trust_policy(aws: Aws) -> str:
    deny = statement("Deny", "sts:AssumeRole", Principal={"AWS": "*"})
    both = policy(statement("Allow", "sts:AssumeRole", Principal={"AWS": "*"}), deny)
    return _assume(aws, aws.admin(), aws.role(both))


@scenario(DENIED, moto=ALLOWED)
def principal_that_only_starts_alike(aws: Aws) -> str:
    user = aws.user(allow("sts:AssumeRole"))
    longer = f"{aws.name('user')}-longer"
    aws.client("iam").create_user(UserName=longer)
    role = aws.role(trust({"AWS": f"arn:aws:iam::123456789012:user/{longer}"}))
    return _assume(aws, user, role)


@scenario(ALLOWED, moto=DENIED)
def the_account_root_as_principal(aws: Aws) -> str:
    return _assume(aws, aws.admin(), aws.role(trust({"AWS": "arn:aws:iam::123456789012:root"})))


@scenario("ValidationError", moto=ALLOWED)
def longer_than_the_role_allows(aws: Aws) -> str:
    role = aws.role(trust({"AWS": "*"}), MaxSessionDuration=3600)
    return _assume(aws, aws.admin(), role, DurationSeconds=3601)


@scenario("ValidationError", moto=ALLOWED)
def shorter_than_fifteen_minutes(aws: Aws) -> str:
    return _assume(aws, aws.admin(), aws.role(trust({"AWS": "*"})), DurationSeconds=899)


@scenario(DENIED, moto=ALLOWED)
def session_policy_that_allows_less(aws: Aws) -> str:
    bucket = aws.bucket("a")
    role = aws.role(trust({"AWS": "*"}), allow("s3:*"))
    session = aws.assume(aws.admin(), role, Policy=allow("s3:ListBucket"))
    return _get(aws, session, bucket, "a")


@scenario(ALLOWED, moto="403")
def bucket_policy_that_denies_somebody_else(aws: Aws) -> str:
    user, bucket = aws.user(allow("s3:*")), aws.bucket("a")
    deny = statement(
        "Deny", "s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": "arn:aws:iam::666666666666:root"}
    )
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(deny))
    return _get(aws, user, bucket, "a")


@scenario(ALLOWED, moto=DENIED)
def bucket_policy_that_allows_a_user_of_the_account(aws: Aws) -> str:
    user, bucket = aws.user(), aws.bucket("a")
    grant = statement("Allow", "s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": aws.user_arn()})
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(grant))
    return _get(aws, user, bucket, "a")


@scenario(DENIED, moto=ALLOWED)
def bucket_policy_that_denies_listing(aws: Aws) -> str:
    user, bucket = aws.user(allow("s3:*")), aws.bucket("a")
    deny = statement("Deny", "s3:ListBucket", f"arn:aws:s3:::{bucket}", Principal="*")
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(deny))
    return _list(aws, user, bucket)


@scenario(DENIED, moto=ALLOWED)
def permissions_boundary_of_a_user(aws: Aws) -> str:
    boundary = aws.managed(allow("s3:ListBucket"))
    return _get(aws, aws.user(allow("s3:*"), boundary=boundary), aws.bucket("a"), "a")


@scenario(DENIED, moto=ALLOWED)
def permissions_boundary_of_a_role(aws: Aws) -> str:
    boundary = aws.managed(allow("s3:ListBucket"))
    role = aws.role(trust({"AWS": "*"}), allow("s3:*"), PermissionsBoundary=boundary)
    return _get(aws, aws.assume(aws.admin(), role), aws.bucket("a"), "a")


@scenario(ALLOWED, moto="forgotten")
def a_boundary_is_told_again(aws: Aws) -> str:
    boundary = aws.managed(allow("s3:*"))
    aws.user(boundary=boundary)
    user = aws.client("iam").get_user(UserName=aws.name("user"))["User"]
    return ALLOWED if user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") == boundary else "forgotten"


@scenario("InvalidAccessKeyId", moto=ALLOWED)
def inactive_access_key(aws: Aws) -> str:
    user, bucket = aws.user(allow("s3:*")), aws.bucket("a")
    aws.client("iam").update_access_key(UserName=aws.name("user"), AccessKeyId=user.id, Status="Inactive")
    return _get(aws, user, bucket, "a")


@scenario(DENIED, moto=ALLOWED)
def copy_from_what_may_not_be_read(aws: Aws) -> str:
    bucket = aws.bucket("secret/a")
    user = aws.user(allow("s3:PutObject"), allow("s3:GetObject", f"arn:aws:s3:::{bucket}/open/*"))
    source = {"Bucket": bucket, "Key": "secret/a"}
    return attempt(lambda: aws.client("s3", user).copy_object(Bucket=bucket, Key="open/a", CopySource=source))


@scenario("allowed, then AccessDenied", moto="[], then AccessDenied")
def delete_objects_key_by_key(aws: Aws) -> str:
    bucket = aws.bucket("mine/a", "theirs/a")
    s3 = aws.client("s3", aws.user(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*")))
    try:
        done = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine/a"}, {"Key": "theirs/a"}]})
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    deleted = [item["Key"] for item in done.get("Deleted", [])]
    refused = {item["Key"]: item["Code"] for item in done.get("Errors", [])}
    return f"{'allowed' if deleted == ['mine/a'] else deleted}, then {refused.get('theirs/a', 'allowed')}"


@scenario(ALLOWED, moto=DENIED)
def head_bucket_by_list_bucket(aws: Aws) -> str:
    bucket = aws.bucket()
    user = aws.user(allow("s3:ListBucket"))
    return attempt(lambda: aws.client("s3", user).head_bucket(Bucket=bucket))


@scenario(DENIED, moto=ALLOWED)
def a_dot_is_a_dot(aws: Aws) -> str:
    bucket = aws.bucket("data/a")
    return _get(aws, aws.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/d.ta/*")), bucket, "data/a")


@scenario(ALLOWED, moto=DENIED)
def a_question_mark_is_one_character(aws: Aws) -> str:
    bucket = aws.bucket("data/a")
    return _get(aws, aws.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/d?ta/*")), bucket, "data/a")


@scenario(ALLOWED, moto=DENIED)
def actions_in_any_case(aws: Aws) -> str:
    return _get(aws, aws.user(allow("S3:getobject")), aws.bucket("a"), "a")


@scenario(DENIED, moto=ALLOWED)
def not_resource(aws: Aws) -> str:
    bucket = aws.bucket("secret/a")
    user = aws.user(
        policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": f"arn:aws:s3:::{bucket}/secret/*"})
    )
    return _get(aws, user, bucket, "secret/a")


def _key(aws: Aws) -> str:
    return str(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


@scenario(DENIED, moto=ALLOWED)
def reading_what_a_key_encrypts(aws: Aws) -> str:
    key, bucket = _key(aws), aws.bucket()
    aws.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    return _get(aws, aws.user(allow("s3:*")), bucket, "a")


@scenario(DENIED, moto=ALLOWED)
def writing_into_a_bucket_with_a_default_key(aws: Aws) -> str:
    key, bucket = _key(aws), aws.bucket()
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3 = aws.client("s3", aws.user(allow("s3:*")))
    return attempt(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"1"))


@scenario(ALLOWED, moto="403")
def kms_permission_on_one_key(aws: Aws) -> str:
    key = _key(aws)
    kms = aws.client("kms", aws.user(allow("kms:Encrypt", key)))
    return attempt(lambda: kms.encrypt(KeyId=key, Plaintext=b"1"))


@pytest.mark.parametrize("name", _SCENARIOS)
def test_the_gate_decides_as_aws_does(aws: Aws, name: str) -> None:
    run, expected, _ = _SCENARIOS[name]
    assert run(aws) == expected


@pytest.mark.parametrize("name", _SCENARIOS)
def test_plain_moto_decides_otherwise(name: str) -> None:
    run, expected, wrong = _SCENARIOS[name]
    with plain_moto() as aws:
        assert run(aws) == wrong != expected
