"""A provider that assumes a role of another account: the local AWS lets it in, or not, by the role's trust policy."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from lightly_sandbox.kinds.s3.mock_provider import Serving
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

BUCKET, USER = "aws:s3/bucket:Bucket", "aws:iam/user:User"
CALLER = "aws:index/getCallerIdentity:getCallerIdentity"
EXTERNAL_ID = "an-external-id-of-the-other-account"
STRANGER = "666666666666"
Open = Callable[..., Plugin]


@pytest.fixture(scope="module")
def role(server: ServerProcess) -> str:
    """A role of another account, which the customer's account may assume with an external ID."""
    key = server.announcement["accounts"]["stranger"]
    iam = boto3.client(
        "iam",
        endpoint_url=server.url,
        aws_access_key_id=key["access_key_id"],
        aws_secret_access_key=key["secret_access_key"],
        region_name="us-east-1",
    )
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": server.announcement["accounts"]["customer"]["account"]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    }
    name = f"deployer-{uuid.uuid4().hex[:8]}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))
    few = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="stores", PolicyDocument=_document(few))
    return str(made["Role"]["Arn"])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def open_(serving: Serving) -> Iterator[Open]:
    opened = []

    def plugin(*roles: dict[str, Any]) -> Plugin:
        opened.append(Plugin(serving.port, configure=False))
        opened[-1].configure({"region": "eu-central-1", "assumeRoles": json.dumps(roles)})
        return opened[-1]

    yield plugin
    for entry in opened:
        entry.close()


def test_everything_is_made_in_the_account_of_the_role(open_: Open, server: ServerProcess, role: str) -> None:
    plugin = open_({"roleArn": role, "externalId": EXTERNAL_ID, "sessionName": "lightly-access"})
    who = plugin.invoke(CALLER)
    assert who["accountId"] == STRANGER
    assert who["arn"] == f"arn:aws:sts::{STRANGER}:assumed-role/{role.rpartition('/')[2]}/lightly-access"
    made = plugin.create(BUCKET, "bucket", {"bucket": f"there-{uuid.uuid4().hex[:8]}"})
    theirs = server.announcement["accounts"]["stranger"]
    keys = {"aws_access_key_id": theirs["access_key_id"], "aws_secret_access_key": theirs["secret_access_key"]}
    s3 = boto3.client("s3", endpoint_url=server.url, region_name="eu-central-1", **keys)
    assert made.id in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    plugin.delete(made)


def test_what_the_role_may_not_do_is_refused_although_the_login_may(open_: Open, role: str) -> None:
    plugin = open_({"roleArn": role, "externalId": EXTERNAL_ID})
    with pytest.raises(ProviderError, match=r"not authorized to perform: iam:CreateUser"):
        plugin.create(USER, "user", {"name": f"it-{uuid.uuid4().hex[:8]}"})


@pytest.mark.parametrize("said", [{}, {"externalId": "another-external-id"}])
def test_a_role_that_cannot_be_assumed_is_named_and_the_external_id_is_not(
    open_: Open, role: str, said: dict[str, str]
) -> None:
    with pytest.raises(ProviderError) as refused:
        open_({"roleArn": role, **said})
    assert f"the role {role} cannot be assumed: AccessDenied: " in refused.value.text
    assert not any(text in refused.value.text for text in (EXTERNAL_ID, *said.values()))


def test_a_role_that_was_refused_once_is_asked_for_again(open_: Open, server: ServerProcess, role: str) -> None:
    missing = f"{role}-of-tomorrow"
    for _ in range(2):
        with pytest.raises(ProviderError, match="cannot be assumed"):
            open_({"roleArn": missing})


def test_what_is_not_implemented_or_no_role_is_refused_by_name(serving: Serving) -> None:
    plugin = Plugin(serving.port, configure=False)
    listed = [{"roleArn": "x", "policy": "{}", "duration": None}, {"externalId": "secret-external-id"}, {"roleArn": 3}]
    reasons = [reason for _, reason in plugin.check_config({"assumeRoles": json.dumps([*listed, {"arn": "x"}])})]
    assert reasons == [
        "the mock provider does not implement the provider setting `aws:assumeRoles[0].policy`",
        "missing `aws:assumeRoles[1].roleArn`",
        "got something else than a text for `aws:assumeRoles[2].roleArn`",
        "the mock provider does not implement the provider setting `aws:assumeRoles[3].arn`",
        "missing `aws:assumeRoles[3].roleArn`",
    ]
    assert plugin.check_config({"assumeRoles": '{"roleArn":"x"}'}) == [
        ("assumeRoles", "got something else than a list of roles for `aws:assumeRoles`")
    ]
    assert plugin.check_config({"assumeRoles": '[{"roleArn":"x","externalId":null}]'}) == []
    plugin.close()
