"""Statements for the policy of somebody else's bucket and key: they admit what the purpose needs, and no more."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.cases_aws import Grantee, grant_cases
from lightly_policies.evaluator.aws import Document, Policies, Principal, Request, decide
from lightly_policies.merge import Merge, merge, unexpected
from lightly_policies.render_aws import aws_grant

from tests.examples import examples

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_parts = st.text(st.characters(exclude_characters="/", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_paths = st.lists(_parts.filter(lambda value: value not in {".", ".."}), max_size=3).map(
    lambda value: "".join(f"{p}/" for p in value)
)


OLD_KEYS = tuple(KEY[:-1] + end for end in "cd")


def grantee(purpose: str, path: str, key: str | None = KEY, old_keys: tuple[str, ...] = ()) -> Grantee:
    return Grantee(purpose, "lake", path, REGION, kms_key_arn=key, old_kms_key_arns=old_keys)


def made(grantee: Grantee, principal: str | None = None) -> Merge:
    grant = aws_grant(
        grantee.purpose,
        grantee.bucket,
        grantee.path,
        region=grantee.region,
        kms_key_arn=grantee.kms_key_arn,
        old_kms_key_arns=grantee.old_kms_key_arns,
        holder="role",
    )
    return merge(grant, grantee.purpose, principal or grantee.principal.arn)


@examples(0.5)
@given(st.sampled_from(["INPUT", "LIGHTLY"]), _paths, st.sampled_from([None, KEY]))
def test_they_admit_across_accounts_what_the_purpose_needs_and_nothing_more(
    purpose: str, path: str, key: str | None
) -> None:
    item = grantee(purpose, path, key)
    assert unexpected(made(item), grant_cases(item), key) == ()


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
def test_they_admit_nobody_else(purpose: str) -> None:
    item = grantee(purpose, "cows/")
    other = made(item, "arn:aws:iam::123456789012:role/lightly/pigs")
    expected = [case for case in grant_cases(item) if case.expected]
    assert len(unexpected(other, expected, KEY)) == len(expected)


def test_a_statement_that_is_wider_or_missing_is_found() -> None:
    item = grantee("INPUT", "cows/")
    good = made(item)
    wide = Merge(good.bucket.replace("cows/*", "*"), good.key)
    assert any(said.startswith("wider: ") for said in unexpected(wide, grant_cases(item), KEY))
    body = json.loads(good.bucket)
    body["Statement"] = body["Statement"][:1]
    assert any(
        said.startswith("narrower: ") for said in unexpected(Merge(json.dumps(body), good.key), grant_cases(item), KEY)
    )


def test_both_purposes_go_into_one_policy() -> None:
    sids = [
        statement["Sid"]
        for purpose in ("INPUT", "LIGHTLY")
        for text in (made(grantee(purpose, "cows/")).bucket, made(grantee(purpose, "cows/")).key)
        for statement in json.loads(text or "{}")["Statement"]
    ]
    assert len(sids) == len(set(sids))
    assert all(sid.isalnum() for sid in sids)


@pytest.mark.parametrize("purpose", ["INPUT", "LIGHTLY"])
@pytest.mark.parametrize("key", [None, KEY])
def test_the_policy_of_a_key_of_before_admits_reading_alone(purpose: str, key: str | None) -> None:
    item = grantee(purpose, "cows/", key, OLD_KEYS)
    merged = made(item)
    assert (merged.key is None) is (key is None)
    for old in OLD_KEYS:
        of_old = [case for case in grant_cases(item) if case.request.resource == old]
        assert {case.request.action for case in of_old if case.expected} == {"kms:Decrypt"}
        assert unexpected(Merge(merged.bucket, merged.old_key), of_old, old) == ()
    assert [each["Sid"].count("Old") for each in json.loads(merged.old_key or "{}")["Statement"]] == [1]


def test_without_a_key_there_is_nothing_to_merge_into_one() -> None:
    assert made(grantee("INPUT", "cows/", None)).key is None


def test_a_deny_wins_over_what_was_merged() -> None:
    item = grantee("INPUT", "cows/", None)
    arn = "arn:aws:s3:::lake/cows/1.png"
    deny = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{arn}"}
    body = json.loads(made(item).bucket)
    both = Document("bucket policy", {**body, "Statement": [*body["Statement"], deny]})
    who: Principal = item.principal
    request = Request(who, "s3:GetObject", arn, who.account, {"aws:SecureTransport": ("true",)})
    assert not decide(request, Policies(resource=both)).allowed
