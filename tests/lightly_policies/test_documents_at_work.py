"""The documents around the grants, asked what they do: TLS only, a key for S3 alone."""

import subprocess
import sys

import pytest
from lightly_policies.evaluator.aws import Document
from lightly_policies.render_aws import aws_bucket_tls, aws_grant, aws_key_policy

from tests.lightly_policies.evaluator.people import BUCKET, KEY, OTHER, allowed, ask, document, root, statement, user

EVERYTHING = document(statement(action="*", Resource="*"))
KEY_POLICY = Document.parse("key policy", aws_key_policy("123456789012", region="eu-central-1"))
BUCKET_POLICY = Document.parse("bucket policy", aws_bucket_tls("data"))
THROUGH_S3 = {"kms__ViaService": "s3.eu-central-1.amazonaws.com"}


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"])
def test_our_key_serves_s3_of_its_region_alone(action: str) -> None:
    assert allowed(ask(user(), action, KEY, **THROUGH_S3), EVERYTHING, resource=KEY_POLICY)
    for elsewhere in ({}, {"kms__ViaService": "s3.us-east-1.amazonaws.com"}, {"kms__ViaService": "ec2.eu-central-1"}):
        for who in (user(), root()):
            assert not allowed(ask(who, action, KEY, **elsewhere), EVERYTHING, resource=KEY_POLICY)


def test_our_key_leaves_the_decision_to_iam_and_can_be_managed() -> None:
    assert not allowed(ask(user(), "kms:Decrypt", KEY, **THROUGH_S3), resource=KEY_POLICY)
    assert not allowed(ask(user(account=OTHER), "kms:Decrypt", KEY, **THROUGH_S3), EVERYTHING, resource=KEY_POLICY)
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DescribeKey", "kms:EnableKeyRotation"):
        assert allowed(ask(user(), action, KEY), EVERYTHING, resource=KEY_POLICY)


@pytest.mark.parametrize(("purpose", "encrypts"), [("INPUT", False), ("LIGHTLY", True)])
def test_a_grant_works_together_with_our_key_policy(purpose: str, encrypts: bool) -> None:
    text = aws_grant(purpose, "data", "p/", region="eu-central-1", kms_key_arn=KEY)
    grant = Document.parse("grant", text)
    assert allowed(ask(user(), "kms:Decrypt", KEY, **THROUGH_S3), grant, resource=KEY_POLICY)
    assert allowed(ask(user(), "kms:GenerateDataKey", KEY, **THROUGH_S3), grant, resource=KEY_POLICY) is encrypts


@pytest.mark.parametrize(
    ("action", "resource"),
    [("s3:GetObject", f"{BUCKET}/p/x"), ("s3:PutObject", f"{BUCKET}/x"), ("s3:ListBucket", BUCKET)],
)
def test_our_bucket_answers_over_tls_alone(action: str, resource: str) -> None:
    assert allowed(ask(user(), action, resource, aws__SecureTransport="true"), EVERYTHING, resource=BUCKET_POLICY)
    for who in (user(), root()):
        request = ask(who, action, resource, aws__SecureTransport="false")
        assert not allowed(request, EVERYTHING, resource=BUCKET_POLICY)


def test_our_bucket_policy_grants_nobody_anything() -> None:
    assert not allowed(ask(user(), aws__SecureTransport="true"), resource=BUCKET_POLICY)


def test_the_package_needs_no_cloud_and_no_other_package_of_ours() -> None:
    asked = "import sys, lightly_policies.proof_aws; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "lightly_policies" in loaded
    assert not {"boto3", "botocore", "pulumi", "lightly_access", "lightly_sandbox", "pydantic"} & set(loaded)
