"""Documents: exactly the rights they are for, canonical, within quota; bad values are refused by name."""

import json
import re
from pathlib import Path
from typing import Any

import lightly_policies
import pytest
from hypothesis import given
from lightly_policies.evaluator.aws import Document
from lightly_policies.render_aws import aws_bucket_tls, aws_grant, aws_key_policy, aws_trust
from lightly_policies.rendering import UnrenderableDocumentError

from tests.lightly_policies.linters import cloudsplaining_findings, expanded_actions, parliament_findings
from tests.lightly_policies.spaces import grants

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
S3_INPUT = {"s3:ListBucket", "s3:GetObject"}
S3_LIGHTLY = S3_INPUT | {"s3:PutObject", "s3:DeleteObject"}
KMS_INPUT, KMS_LIGHTLY = {"kms:Decrypt"}, {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}


def _grant(purpose: str = "INPUT", bucket: str = "data", path: str = "projects/cats/", **more: Any) -> str:
    return aws_grant(purpose, bucket, path, **{"region": "eu-central-1", **more})


def _statements(text: str) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


@pytest.mark.parametrize(
    ("purpose", "key", "actions"),
    [
        ("INPUT", None, S3_INPUT),
        ("LIGHTLY", None, S3_LIGHTLY),
        ("INPUT", KEY, S3_INPUT | KMS_INPUT),
        ("LIGHTLY", KEY, S3_LIGHTLY | KMS_LIGHTLY),
    ],
)
def test_a_grant_expands_to_exactly_its_actions(purpose: str, key: str | None, actions: set[str]) -> None:
    assert expanded_actions(_grant(purpose, kms_key_arn=key)) == actions


def test_the_other_documents_expand_to_exactly_their_actions() -> None:
    assert expanded_actions(aws_trust("my-external-id")) == {"sts:AssumeRole"}
    assert expanded_actions(aws_bucket_tls("data")) == frozenset()
    assert all(
        action.startswith("kms:") for action in expanded_actions(aws_key_policy("123456789012", region="eu-west-1"))
    )


@given(grants())
def test_linters_find_nothing_in_any_grant(values: dict[str, Any]) -> None:
    text = aws_grant(**values)
    if ":" not in values["path"]:  # parliament splits an ARN at every colon and loses the rest of such a path
        assert parliament_findings(text) == []
    assert cloudsplaining_findings(text) == []
    wanted = {("INPUT", False): S3_INPUT, ("LIGHTLY", False): S3_LIGHTLY}
    wanted |= {("INPUT", True): S3_INPUT | KMS_INPUT, ("LIGHTLY", True): S3_LIGHTLY | KMS_LIGHTLY}
    old = {"kms:Decrypt"} if values["old_kms_key_arns"] else set()
    assert expanded_actions(text) == wanted[values["purpose"], bool(values["kms_key_arn"])] | old


def test_linters_do_find_something_in_a_bad_grant() -> None:
    bad = _grant("LIGHTLY").replace('"s3:GetObject"', '"s3:*"')
    assert parliament_findings(bad)
    assert cloudsplaining_findings(bad)
    assert expanded_actions(bad) > S3_LIGHTLY


@given(grants())
def test_a_grant_is_canonical(values: dict[str, Any]) -> None:
    text = aws_grant(**values)
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert text.isascii()
    Document.parse("grant", text).require("identity")


def test_a_list_is_bound_to_the_path_with_and_without_its_slash() -> None:
    condition = _statements(_grant())["LightlyListBucket"]["Condition"]
    assert condition == {"StringLike": {"s3:prefix": ["projects/cats", "projects/cats/", "projects/cats/*"]}}


@pytest.mark.parametrize("more", [{"list_prefix_condition": False}, {"path": ""}])
def test_a_list_has_no_condition_when_it_is_off_or_the_path_is_the_bucket(more: dict[str, Any]) -> None:
    assert "Condition" not in _statements(_grant(**more))["LightlyListBucket"]


def test_a_path_of_wildcards_and_variables_stands_for_itself() -> None:
    grant = _statements(_grant(path="a*b?c${d}/"))
    assert grant["LightlyReadObjects"]["Resource"] == "arn:aws:s3:::data/a${*}b${?}c${$}{d}/*"


def test_a_key_is_bound_to_s3_of_the_buckets_region() -> None:
    for purpose, sid in (("INPUT", "LightlyDecryptThroughS3"), ("LIGHTLY", "LightlyEncryptThroughS3")):
        statement = _statements(_grant(purpose, kms_key_arn=KEY))[sid]
        assert statement["Resource"] == KEY
        assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


def test_the_partition_is_in_every_arn() -> None:
    text = _grant(partition="aws-cn", region="cn-northwest-1")
    assert "arn:aws:" not in text
    assert text.count("arn:aws-cn:s3:::data") == 2
    assert "arn:aws-cn:s3:::data/*" in aws_bucket_tls("data", "aws-cn")


def test_a_trust_policy_is_one_account_one_action_one_external_id() -> None:
    assert json.loads(aws_trust("my-external-id"))["Statement"] == [
        {
            "Sid": "LightlyAssumesRole",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::916419735646:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "my-external-id"}},
        }
    ]


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        ("purpose", {"purpose": "INPUT_OUTPUT"}),
        ("bucket", {"bucket": "da*ta"}),
        ("bucket", {"bucket": "${aws:username}"}),
        ("bucket", {"bucket": ""}),
        ("path", {"path": "projects/cats"}),
        ("path", {"path": "/projects/"}),
        ("path", {"path": "a//b/"}),
        ("path", {"path": "../b/"}),
        ("path", {"path": "a\nb/"}),
        ("region", {"region": "*"}),
        ("region", {"region": "eu-central-1.evil.example/"}),
        ("partition", {"partition": "aws-us-gov"}),
        ("KMS key", {"kms_key_arn": "arn:aws:kms:eu-central-1:123456789012:key/*"}),
        ("KMS key", {"kms_key_arn": "arn:aws:kms:eu-central-1:123456789012:alias/lake"}),
        ("the bucket's region", {"kms_key_arn": KEY.replace("central", "west")}),
        ("quota", {"path": "é" * 900 + "/"}),
    ],
)
def test_a_bad_value_is_refused_by_name(value: str, changes: dict[str, Any]) -> None:
    with pytest.raises(UnrenderableDocumentError, match=value) as caught:
        _grant(**changes)
    assert "grant: " in str(caught.value)


def test_the_quota_is_that_of_the_grants_holder() -> None:
    long = "x" * 600 + "/"
    assert len(_grant(path=long)) > 2048
    with pytest.raises(UnrenderableDocumentError, match="at most 2048"):
        _grant(path=long, holder="user")


@pytest.mark.parametrize(
    "external_id", ["", "short", "x" * 1225, "has space in it", "*" * 10, "${aws:userid}", "secret-value\n"]
)
def test_a_bad_external_id_is_refused_and_not_shown(external_id: str) -> None:
    with pytest.raises(UnrenderableDocumentError) as caught:
        aws_trust(external_id)
    assert len(external_id) < 6 or external_id not in str(caught.value)


def test_a_bad_account_is_refused() -> None:
    for account in ("*", "12345", "1234567890123"):
        with pytest.raises(UnrenderableDocumentError, match="twelve digits"):
            aws_trust("my-external-id", account)
        with pytest.raises(UnrenderableDocumentError, match="twelve digits"):
            aws_key_policy(account, region="eu-west-1")


def test_every_value_in_every_template_goes_through_tojson() -> None:
    templates = sorted((Path(lightly_policies.__file__).parent / "documents").rglob("*.j2"))
    assert len(templates) >= 5
    for template in templates:
        values = re.findall(r"\{\{.*?\}\}", template.read_text())
        assert values or template.name.startswith("role_"), "a role is the same for everybody"
        # comma() is jinja's joiner: nothing, then commas
        assert all(re.fullmatch(r"\{\{ (\w+ \| tojson|comma\(\)) \}\}", value) for value in values), template.name
