"""KMS: direct calls and the ones that S3 makes for its caller."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

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

USE = ["kms:Decrypt", "kms:GenerateDataKey"]


def _key(aws: Aws, **more: Any) -> str:
    return str(aws.client("kms").create_key(**more)["KeyMetadata"]["Arn"])


def _encrypted(aws: Aws, key: str, *, bucket_key: bool = False) -> str:
    bucket = aws.bucket()
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}
    aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    aws.client("s3").put_object(Bucket=bucket, Key="a", Body=b"data")
    return bucket


def test_s3_needs_both_kms_permissions_through_s3(aws: Aws) -> None:
    key = _key(aws)
    bucket = _encrypted(aws, key)
    via = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    user = aws.user(allow("s3:*"), allow(USE, key, Condition=via))
    s3 = aws.client("s3", user)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == ALLOWED
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="b", Body=b"")) == ALLOWED
    direct = aws.client("kms", user)
    assert attempt(lambda: direct.generate_data_key(KeyId=key, KeySpec="AES_256")) == "AccessDeniedException"


def test_the_refusal_names_the_key(aws: Aws) -> None:
    key = _key(aws)
    bucket = _encrypted(aws, key)
    s3 = aws.client("s3", aws.user(allow("s3:*")))
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="a")
    assert error.value.response["Error"]["Message"] == (
        f"User: {aws.user_arn()} is not authorized to perform: kms:Decrypt on resource: {key} "
        "because no identity-based policy allows the kms:Decrypt action"
    )
    assert attempt(lambda: s3.head_object(Bucket=bucket, Key="a")) == ALLOWED


def test_the_encryption_context_is_authorised(aws: Aws) -> None:
    key = _key(aws)
    plain, bundled = _encrypted(aws, key), ""
    condition = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{plain}/a"}}
    s3 = aws.client("s3", aws.user(allow("s3:*"), allow(USE, key, Condition=condition)))
    assert attempt(lambda: s3.get_object(Bucket=plain, Key="a")) == ALLOWED
    assert attempt(lambda: s3.put_object(Bucket=plain, Key="b", Body=b"")) == "AccessDenied"
    aws.tag += "x"
    bundled = _encrypted(aws, key, bucket_key=True)
    assert attempt(lambda: s3.get_object(Bucket=bundled, Key="a")) == "AccessDenied"


def test_a_key_policy_must_admit_the_account_before_iam_counts(aws: Aws) -> None:
    own = policy(statement("Allow", "kms:*", "*", Principal={"AWS": aws.client("sts").get_caller_identity()["Arn"]}))
    bucket = _encrypted(aws, _key(aws, Policy=own))
    s3 = aws.client("s3", aws.user(allow("*")))
    with pytest.raises(ClientError, match="because no resource-based policy allows the kms:Decrypt action"):
        s3.get_object(Bucket=bucket, Key="a")


def test_a_key_policy_does_not_lock_out_its_author(aws: Aws) -> None:
    stranger = policy(statement("Allow", "kms:*", "*", Principal={"AWS": "666666666666"}))
    assert attempt(lambda: _key(aws, Policy=stranger)) == "MalformedPolicyDocumentException"
    assert attempt(lambda: _key(aws, Policy="no json")) == "MalformedPolicyDocumentException"


def test_a_disabled_key_stops_reading_and_writing(aws: Aws) -> None:
    key = _key(aws)
    bucket, s3, kms = _encrypted(aws, key), aws.client("s3"), aws.client("kms")
    kms.disable_key(KeyId=key)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == "KMS.DisabledException"
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="b", Body=b"")) == "KMS.DisabledException"
    assert attempt(lambda: kms.encrypt(KeyId=key, Plaintext=b"1")) == "DisabledException"
    kms.enable_key(KeyId=key)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == ALLOWED
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == "KMS.KMSInvalidStateException"


def test_a_key_must_exist_in_the_region(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    far = str(aws.client("kms", region="us-west-2").create_key()["KeyMetadata"]["Arn"])
    for key in (far, "arn:aws:kms:eu-central-1:123456789012:key/none", "none"):
        put = attempt(
            lambda key=key: s3.put_object(  # type: ignore[misc]  # bound in the loop
                Bucket=bucket, Key="a", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
            )
        )
        assert put == "KMS.NotFoundException"


def test_copying_decrypts_the_source_and_encrypts_the_target(aws: Aws) -> None:
    source_key, target_key = _key(aws), _key(aws)
    source = _encrypted(aws, source_key)
    aws.tag += "x"
    target = _encrypted(aws, target_key)
    copy_source = {"Bucket": source, "Key": "a"}
    reader = aws.client("s3", aws.user(allow("s3:*"), allow("kms:Decrypt", source_key), what="reader"))
    assert attempt(lambda: reader.copy_object(Bucket=target, Key="b", CopySource=copy_source)) == "AccessDenied"
    writer = aws.client("s3", aws.user(allow("s3:*"), allow("kms:GenerateDataKey", target_key), what="writer"))
    assert attempt(lambda: writer.copy_object(Bucket=target, Key="b", CopySource=copy_source)) == "AccessDenied"
    both = aws.user(
        allow("s3:*"), allow("kms:Decrypt", source_key), allow("kms:GenerateDataKey", target_key), what="both"
    )
    assert (
        attempt(lambda: aws.client("s3", both).copy_object(Bucket=target, Key="b", CopySource=copy_source)) == ALLOWED
    )


def test_a_multipart_upload_needs_decrypt_too(aws: Aws) -> None:
    key = _key(aws)
    bucket = _encrypted(aws, key)
    s3 = aws.client("s3", aws.user(allow("s3:*"), allow("kms:GenerateDataKey", key)))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="b")
    assert upload["SSEKMSKeyId"] == key
    part = {"Bucket": bucket, "Key": "b", "UploadId": upload["UploadId"], "PartNumber": 1}
    assert attempt(lambda: s3.upload_part(**part, Body=b"1")) == "AccessDenied"


def test_keys_of_another_account_need_both_sides(aws: Aws) -> None:
    admitted = policy(
        statement("Allow", "kms:*", "*", Principal={"AWS": "123456789012"}),
        statement("Allow", "kms:Encrypt", "*", Principal={"AWS": "666666666666"}),
    )
    open_key, closed = _key(aws, Policy=admitted), _key(aws)
    kms = aws.client("kms", aws.admin("stranger"))
    assert attempt(lambda: kms.encrypt(KeyId=open_key, Plaintext=b"1")) == ALLOWED
    assert attempt(lambda: kms.encrypt(KeyId=closed, Plaintext=b"1")) == "AccessDeniedException"
    poor = aws.client("kms", aws.user(what="poor", account="stranger"))
    assert attempt(lambda: poor.encrypt(KeyId=open_key, Plaintext=b"1")) == "AccessDeniedException"


def test_what_was_encrypted_is_decrypted_by_those_who_may(aws: Aws) -> None:
    key = _key(aws)
    kms = aws.client("kms")
    kms.create_alias(AliasName=f"alias/{aws.tag}", TargetKeyId=key)
    blob = kms.encrypt(KeyId=f"alias/{aws.tag}", Plaintext=b"words", EncryptionContext={"for": "test"})[
        "CiphertextBlob"
    ]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"for": "test"})["Plaintext"] == b"words"
    poor = aws.client("kms", aws.user())
    assert (
        attempt(lambda: poor.decrypt(CiphertextBlob=blob, EncryptionContext={"for": "test"})) == "AccessDeniedException"
    )
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"]


def test_a_session_uses_a_key_through_its_role(aws: Aws) -> None:
    bucket = _encrypted(aws, key := _key(aws))
    role = aws.role(trust({"AWS": "*"}), allow("s3:*"), allow("kms:Decrypt", key))
    s3 = aws.client("s3", aws.assume(aws.admin(), role))
    assert attempt(lambda: s3.get_object(Bucket=bucket, Key="a")) == ALLOWED
    assert attempt(lambda: s3.put_object(Bucket=bucket, Key="b", Body=b"")) == "AccessDenied"


def test_a_key_can_be_granted_by_its_tag(aws: Aws) -> None:
    tags = [{"TagKey": "team", "TagValue": "vision"}]
    ours, other, bucket = _key(aws, Tags=tags), _key(aws), ""
    condition = {"StringEquals": {"aws:ResourceTag/team": "vision"}}
    user = aws.user(allow("s3:*"), allow(["kms:DescribeKey", *USE], Condition=condition))
    kms = aws.client("kms", user)
    assert attempt(lambda: kms.describe_key(KeyId=ours)) == ALLOWED
    assert attempt(lambda: kms.describe_key(KeyId=other)) == "AccessDeniedException"
    bucket = _encrypted(aws, ours)
    assert attempt(lambda: aws.client("s3", user).put_object(Bucket=bucket, Key="b", Body=b"")) == ALLOWED


def test_to_tag_a_key_that_is_being_made_is_a_permission_of_its_own_and_on_no_key(aws: Aws) -> None:
    tags = [{"TagKey": "team", "TagValue": "vision"}]
    kms = aws.client("kms", aws.user(allow("kms:CreateKey"), allow("kms:TagResource", "arn:aws:kms:*:*:key/*")))
    assert attempt(kms.create_key) == ALLOWED
    assert attempt(lambda: kms.create_key(Tags=tags)) == "AccessDeniedException"
    tagger = aws.client("kms", aws.user(allow(["kms:CreateKey", "kms:TagResource"]), what="tagger"))
    assert attempt(lambda: tagger.create_key(Tags=tags)) == ALLOWED
