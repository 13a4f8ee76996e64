"""What linters say of the documents that are no grants: trust, bucket and key policies, for any values.

The linters evaluate identity policies. A trust policy has no resource, and the `*` of a key policy means the key that
it is on; both are written out as the identity policies that they come to, and evaluated as those.
"""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.render_aws import aws_bucket_tls, aws_key_policy, aws_trust

from tests.lightly_policies.linters import cloudsplaining_findings, expanded_actions, parliament_findings
from tests.lightly_policies.spaces import BUCKETS, REGIONS

EXTERNAL_IDS = st.text("abzAZ09_+=,.@:/-", min_size=10, max_size=60)
ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
ROLE = "arn:aws:iam::123456789012:role/lightly/herd"


def as_identity(text: str, resource: str, *without: str) -> str:
    """The statements, but for some, without principals and on one resource."""
    body: dict[str, Any] = json.loads(text)
    body["Statement"] = [item | {"Resource": resource} for item in body["Statement"] if item["Sid"] not in without]
    for statement in body["Statement"]:
        statement.pop("Principal")
    return json.dumps(body)


@given(EXTERNAL_IDS, ACCOUNTS)
def test_a_trust_policy(external_id: str, account: str) -> None:
    text = as_identity(aws_trust(external_id, account), ROLE)
    assert parliament_findings(text) == []
    assert cloudsplaining_findings(text) == []
    assert expanded_actions(text) == {"sts:AssumeRole"}


@given(BUCKETS, st.sampled_from(["aws", "aws-cn"]))
def test_a_bucket_policy(bucket: str, partition: str) -> None:
    text = aws_bucket_tls(bucket, partition)
    assert parliament_findings(text) == []
    assert cloudsplaining_findings(text) == []
    assert expanded_actions(text) == frozenset()


@given(ACCOUNTS, REGIONS)
def test_a_key_policy(account: str, region: str) -> None:
    """`kms:*` for the account is AWS's own default, by which IAM decides about the key; all else is a Deny."""
    key = f"arn:aws:kms:{region}:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    policy = aws_key_policy(account, region=region)
    denies = as_identity(policy, key, "AccountDecidesByIam")
    assert parliament_findings(denies) == []
    assert cloudsplaining_findings(denies) == []
    assert expanded_actions(denies) == frozenset()
    allows = as_identity(policy, key, "DenyUseOutsideS3")
    assert cloudsplaining_findings(allows) == ["kms"], "the whole service, of one key"
    assert all(action.startswith("kms:") for action in expanded_actions(allows))
