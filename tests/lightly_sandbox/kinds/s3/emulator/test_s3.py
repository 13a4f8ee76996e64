"""S3 behind the gateway: sentences, both sides across accounts, public access, what a new bucket is like."""

from collections.abc import Callable
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from lightly_access.kinds.s3.audit.public_access import ALL, at_one_host
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.s3.emulator.aws import (
    ALLOWED,
    REGION,
    Aws,
    allow,
    attempt,
    policy,
    statement,
    trust,
)
from tests.lightly_sandbox.kinds.s3.emulator.signed import Signed, presigned, signed


def _refusal(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"], error.value.response["Error"].get("Message", "")


def _grant(aws: Aws, bucket: str, effect: str, action: Any, principal: Any, **more: Any) -> str:
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return policy(statement(effect, action, resources, Principal=principal, **more))


def test_a_refusal_names_identity_action_and_resource(aws: Aws) -> None:
    bucket = aws.bucket("a")
    role = aws.role(trust({"AWS": "*"}), allow("s3:ListBucket"), Path="/lightly/")
    s3 = aws.client("s3", aws.assume(aws.admin(), role))
    session = f"arn:aws:sts::123456789012:assumed-role/{aws.name('role')}/session"
    assert _refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"")) == (
        "AccessDenied",
        f'User: {session} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::{bucket}/a" '
        "because no identity-based policy allows the s3:PutObject action",
    )


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("identity", "with an explicit deny in an identity-based policy"),
        ("resource", "with an explicit deny in a resource-based policy"),
        ("boundary", "with an explicit deny in a permissions boundary"),
        ("session", "with an explicit deny in a session policy"),
        ("narrow session", "because no session policy allows the s3:GetObject action"),
    ],
)
def test_a_refusal_names_the_kind_of_policy(aws: Aws, where: str, words: str) -> None:
    bucket, deny = aws.bucket("a"), policy(statement("Deny", "s3:GetObject", "*"), statement("Allow", "*", "*"))
    more = {"PermissionsBoundary": aws.managed(deny)} if where == "boundary" else {}
    role = aws.role(trust({"AWS": "*"}), deny if where == "identity" else allow("s3:*"), **more)
    if where == "resource":
        aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=_grant(aws, bucket, "Deny", "s3:GetObject", "*"))
    narrowed = {"session": {"Policy": deny}, "narrow session": {"Policy": allow("s3:PutObject")}}.get(where, {})
    s3 = aws.client("s3", aws.assume(aws.admin(), role, **narrowed))
    code, message = _refusal(lambda: s3.get_object(Bucket=bucket, Key="a"))
    assert (code, message.endswith(words)) == ("AccessDenied", True), message


def test_a_stranger_is_told_nothing(aws: Aws) -> None:
    stranger, bucket = aws.client("s3", aws.admin("stranger")), aws.bucket("a")
    assert _refusal(lambda: stranger.get_object(Bucket=bucket, Key="a")) == ("AccessDenied", "Access Denied")
    assert (
        attempt(lambda: stranger.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}))
        != ALLOWED
    )


def test_across_accounts_both_sides_must_allow(aws: Aws) -> None:
    bucket = aws.bucket("a")
    user = aws.user(what="reader", account="stranger")
    admin = aws.client("s3", aws.admin("stranger"))
    reader = aws.client("s3", user)
    document = _grant(aws, bucket, "Allow", "s3:GetObject", {"AWS": "arn:aws:iam::666666666666:root"})
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=document)
    assert attempt(lambda: admin.get_object(Bucket=bucket, Key="a")) == ALLOWED
    assert attempt(lambda: reader.get_object(Bucket=bucket, Key="a")) == "AccessDenied"
    assert attempt(lambda: admin.delete_object(Bucket=bucket, Key="a")) == "AccessDenied"


def test_a_missing_object_is_hidden_from_those_who_may_not_list(aws: Aws) -> None:
    bucket = aws.bucket()
    only_get = aws.client("s3", aws.user(allow("s3:GetObject"), what="get"))
    code, message = _refusal(lambda: only_get.get_object(Bucket=bucket, Key="none"))
    assert (code, "s3:ListBucket" in message) == ("AccessDenied", True)
    assert _refusal(lambda: only_get.head_object(Bucket=bucket, Key="none"))[0] == "403"
    both = aws.client("s3", aws.user(allow(["s3:GetObject", "s3:ListBucket"]), what="both"))
    assert _refusal(lambda: both.get_object(Bucket=bucket, Key="none"))[0] == "NoSuchKey"
    assert _refusal(lambda: both.head_object(Bucket=bucket, Key="none"))[0] == "404"


def test_a_refused_head_has_no_body(aws: Aws, server: ServerProcess) -> None:
    request = signed(aws.user(), "HEAD", f"{server.url}/{aws.bucket('a')}/a")
    assert request.send() == (403, "", b"")


def test_list_is_authorised_with_all_its_parameters(aws: Aws) -> None:
    bucket = aws.bucket("mine/a", "theirs/a")
    narrow = {
        "StringEquals": {"s3:delimiter": "/", "s3:prefix": "mine/"},
        "NumericLessThanEquals": {"s3:max-keys": "10"},
    }
    s3 = aws.client("s3", aws.user(allow("s3:ListBucket", Condition=narrow)))
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="mine/", Delimiter="/", MaxKeys=10)) == ALLOWED
    assert attempt(lambda: s3.list_objects(Bucket=bucket, Prefix="mine/", Delimiter="/", MaxKeys=10)) == ALLOWED
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="mine/", Delimiter="/")) == "AccessDenied"
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="", Delimiter="/", MaxKeys=10)) == "AccessDenied"


def test_a_multipart_upload_needs_put_and_a_version_its_own_permission(aws: Aws) -> None:
    bucket, admin = aws.bucket(), aws.client("s3")
    admin.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    writer = aws.client("s3", aws.user(allow("s3:PutObject"), what="writer"))
    parts = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
    import io

    writer.upload_fileobj(io.BytesIO(b"x" * (5 * 2**20 + 1)), bucket, "big", Config=parts)
    found = admin.get_object(Bucket=bucket, Key="big")
    assert found["ContentLength"] == 5 * 2**20 + 1
    reader = aws.client("s3", aws.user(allow("s3:GetObject"), what="reader"))
    assert attempt(lambda: reader.create_multipart_upload(Bucket=bucket, Key="b")) == "AccessDenied"
    assert attempt(lambda: reader.get_object(Bucket=bucket, Key="big", VersionId=found["VersionId"])) == "AccessDenied"


def test_a_new_bucket_is_closed_and_encrypted(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="a", ACL="public-read")) == "AccessControlListNotSupported"
    assert attempt(lambda: s3.put_bucket_acl(Bucket=bucket, ACL="public-read")) == "AccessControlListNotSupported"


def test_a_public_policy_is_blocked_and_then_restricted(aws: Aws, server: ServerProcess) -> None:
    s3, bucket = aws.client("s3"), aws.bucket("a")
    url, public = f"{server.url}/{bucket}/a", _grant(aws, bucket, "Allow", "s3:GetObject", "*")
    code, message = _refusal(lambda: s3.put_bucket_policy(Bucket=bucket, Policy=public))
    assert (code, "BlockPublicPolicy" in message) == ("AccessDenied", True)
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)
    assert Signed("GET", url).send()[::2] == (200, b"data")
    assert Signed("PUT", url, body=b"x").send()[1] == "AccessDenied"
    restrict = {"RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=restrict)
    assert Signed("GET", url).send()[1] == "AccessDenied"


def test_an_account_blocks_what_its_buckets_leave_open_and_tells_its_own_logins_alone(aws: Aws) -> None:
    s3, bucket, account = aws.client("s3"), aws.bucket("a"), aws.accounts["customer"]["account"]
    public = _grant(aws, bucket, "Allow", "s3:GetObject", "*")
    control = at_one_host(aws.client("s3control"), account)
    keys = aws.user(allow("s3:GetBucketPublicAccessBlock"), what="reader")
    reader = at_one_host(aws.client("s3control", keys), account)
    other = at_one_host(aws.client("s3control"), "999999999999")
    s3.delete_public_access_block(Bucket=bucket)
    assert attempt(lambda: control.get_public_access_block(AccountId=account)) == "NoSuchPublicAccessBlockConfiguration"
    flags = {name: name == "BlockPublicPolicy" for name in ALL}
    control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=flags)
    try:
        assert control.get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"] == flags
        assert attempt(lambda: s3.put_bucket_policy(Bucket=bucket, Policy=public)) == "AccessDenied"
        assert attempt(lambda: reader.get_public_access_block(AccountId=account)) == "AccessDenied"
        assert attempt(lambda: other.get_public_access_block(AccountId="999999999999")) == "AccessDenied"
    finally:
        control.delete_public_access_block(AccountId=account)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)


def test_transport_is_authorised(aws: Aws, server: ServerProcess) -> None:
    bucket = aws.bucket("a")
    deny = _grant(aws, bucket, "Deny", "s3:*", "*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=deny)
    assert signed(aws.admin(), "GET", f"{server.url}/{bucket}/a").send()[0] == 200
    plain = f"http://127.0.0.1:{server.announcement['plain_port']}/{bucket}/a"
    status, code, body = signed(aws.admin(), "GET", plain).send()
    assert (status, code, b"explicit deny in a resource-based policy" in body) == (403, "AccessDenied", True)


def test_how_a_request_was_signed_is_authorised(aws: Aws, server: ServerProcess) -> None:
    bucket = aws.bucket("a")
    deny = _grant(aws, bucket, "Deny", "s3:*", "*", Condition={"StringEquals": {"s3:authType": "REST-QUERY-STRING"}})
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=deny)
    url = f"{server.url}/{bucket}/a"
    assert signed(aws.admin(), "GET", url).send()[0] == 200
    assert presigned(aws.admin(), "GET", url).send()[1] == "AccessDenied"


def test_an_upload_can_be_held_to_encryption(aws: Aws) -> None:
    bucket = aws.bucket()
    held = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}
    deny = policy(statement("Deny", "s3:PutObject", "*", Condition=held), statement("Allow", "s3:*", "*"))
    s3 = aws.client("s3", aws.user(deny))
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="a")) == "AccessDenied"
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="a", ServerSideEncryption="AES256")) == ALLOWED


@pytest.mark.parametrize(
    "document",
    [
        "no json",
        policy(statement("Allow", "s3:GetObject", "arn:aws:s3:::{bucket}/*")),
        policy(statement("Allow", "s3:GetObject", "arn:aws:s3:::other/*", Principal={"AWS": "123456789012"})),
    ],
)
def test_a_bucket_policy_is_about_its_bucket_and_names_somebody(aws: Aws, document: str) -> None:
    bucket = aws.bucket()
    put = aws.client("s3").put_bucket_policy
    assert attempt(lambda: put(Bucket=bucket, Policy=document.replace("{bucket}", bucket))) == "MalformedPolicy"


def test_a_bucket_goes_when_it_is_empty(aws: Aws) -> None:
    bucket, s3 = aws.bucket("a"), aws.client("s3")
    assert attempt(lambda: s3.delete_bucket(Bucket=bucket)) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="a")
    assert attempt(lambda: s3.delete_bucket(Bucket=bucket)) == ALLOWED
    assert attempt(lambda: s3.list_objects_v2(Bucket=bucket)) == "NoSuchBucket"


def test_every_version_can_be_deleted_the_delete_marker_last(aws: Aws) -> None:
    bucket, s3 = aws.bucket(), aws.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    for each in (version, marker):
        s3.delete_object(Bucket=bucket, Key="k", VersionId=each)
    s3.delete_bucket(Bucket=bucket)


def test_an_expected_owner_is_checked(aws: Aws) -> None:
    bucket, s3 = aws.bucket("a"), aws.client("s3")
    get = s3.get_object
    assert attempt(lambda: get(Bucket=bucket, Key="a", ExpectedBucketOwner="123456789012")) == ALLOWED
    assert attempt(lambda: get(Bucket=bucket, Key="a", ExpectedBucketOwner="666666666666")) == "AccessDenied"
