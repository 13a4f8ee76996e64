"""A stack in two accounts of AWS and two regions, deployed, again, destroyed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from lightly_sandbox.deployer import Deployer
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.lights import red_lights
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox
from pulumi.automation._stack import ImportResource

from tests.deploying import must, stack_of

STACK = "two-accounts"
EXTERNAL_ID = "the-external-id-of-the-deployer-role"
CUSTOMER, THEIRS = "123456789012", "666666666666"
ROLE = f"arn:aws:iam::{THEIRS}:role/lightly-deployer"
CONFIG: dict[str, Any] = {
    "aws:region": "eu-central-1",
    "lightly-access:verify": {"deadline": 20},
    "lightly-access:accounts": {"data": {"cloud": "aws", "role_arn": ROLE, "external_id": "env:DEPLOYER_EXTERNAL_ID"}},
    "lightly-access:stores": {
        "lake": {"kind": "s3", "bucket": "their-lake", "region": "eu-central-1", "owner": "data"},
        "theirs": {
            "kind": "s3",
            "bucket": "their-results",
            "region": "us-east-1",
            "owner": "data",
            "create": True,
            "kms_key": "create",
            "force_destroy": True,
        },
        "ours": {
            "kind": "s3",
            "bucket": "our-results",
            "region": "eu-west-1",
            "create": True,
            "force_destroy": True,
        },
    },
    "lightly-access:datasets": {
        "cows": {
            "type": "images",
            "input": {"store": "lake", "path": "cows/", "access": "delegated"},
            "lightly": {"store": "ours", "path": "cows/", "access": "delegated"},
        },
        "hens": {
            "type": "images",
            "input": {"store": "theirs", "path": "in/hens/", "access": "user"},
            "lightly": {"store": "theirs", "path": "hens/", "access": "user"},
        },
    },
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox() as started:
        yield started


def _document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def seed(sandbox: Sandbox) -> None:
    """The other account, as its owner had it: a bucket with data, and a role that our account may assume."""
    theirs = account(sandbox, "stranger")
    make_bucket(theirs.s3, "their-lake")
    theirs.s3.put_object(Bucket="their-lake", Key="cows/1.png", Body=b"\x89PNG")
    trust = _document(
        Principal={"AWS": f"arn:aws:iam::{CUSTOMER}:root"},
        Action="sts:AssumeRole",
        Condition={"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
    )
    theirs.iam.create_role(RoleName="lightly-deployer", AssumeRolePolicyDocument=trust)
    everything = _document(Action=["s3:*", "iam:*", "kms:*"], Resource="*")
    theirs.iam.put_role_policy(RoleName="lightly-deployer", PolicyName="deploys", PolicyDocument=everything)


def made(sandbox: Sandbox, who: str) -> set[str]:
    """Users, roles and buckets of an account that came from the stack."""
    client = account(sandbox, who)
    users = {user["UserName"] for user in client.iam.list_users(PathPrefix="/lightly/")["Users"]}
    roles = {role["RoleName"] for role in client.iam.list_roles(PathPrefix="/lightly/")["Roles"]}
    return users | roles | {bucket["Name"] for bucket in client.s3.list_buckets()["Buckets"]}


def _a_key_that_the_state_has_lost_is_imported_by_its_owners_provider(sandbox: Sandbox, deploys: Deployer) -> None:
    """As the printed line says it: the default provider is of another account."""
    kms = account(sandbox, "stranger").client("kms", "us-east-1")
    (key,) = (each["KeyId"] for each in kms.list_keys()["Keys"])
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert deploys.up(refresh=True).says("waits for its deletion", "cancel-key-deletion")
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    refused = deploys.up()
    assert not refused.ok
    (line,) = (
        line.removeprefix("hint: ").split()
        for text in refused.diagnostics
        for line in text.splitlines()
        if "pulumi import aws:kms" in line
    )
    given = dict(zip(line[5::2], line[6::2], strict=False))
    store, store_urn = given["--parent"].split("=")
    provider, shown = given["--provider"].split("=")
    owner = shown.replace("<secret>", "us-east-1")  # the deployer here hides what stands in secret maps of the state
    assert owner.endswith("::data-us-east-1")
    assert owner in {each["urn"] for each in deploys.state()["deployment"]["resources"]}
    spec: ImportResource = {"type": line[2], "name": line[3], "id": line[4], "parent": store, "provider": provider}
    must(deploys.adopt([spec], {store: store_urn, provider: owner}))
    must(deploys.up(refresh=True))


def _an_account_can_have_another_key_for_a_while(deploys: Deployer) -> None:
    """There and back, the second time by an alias that is not the one it is deployed under alone."""

    def called(key: str, *aliases: str) -> dict[str, Any]:
        (account,) = CONFIG["lightly-access:accounts"].values()
        stores = {
            name: {**store, "owner": key} if "owner" in store else store
            for name, store in CONFIG["lightly-access:stores"].items()
        }
        return {
            "lightly-access:accounts": {key: {**account, "aliases": list(aliases)}},
            "lightly-access:stores": stores,
        }

    assert must(deploys.up(config=called("farm", "data"))).unchanged
    assert must(deploys.preview(config=called("farm"))).unchanged
    assert must(deploys.up(config=called("data", "never", "farm"))).unchanged


def test_everything_is_made_where_it_belongs_and_goes_again(sandbox: Sandbox, tmp_path: Path) -> None:
    seed(sandbox)
    deploys = stack_of(sandbox, tmp_path, STACK, CONFIG, {"DEPLOYER_EXTERNAL_ID": EXTERNAL_ID})
    must(deploys.up())
    state = deploys.state()
    assert red_lights(state) == []
    ours, theirs = made(sandbox, "customer"), made(sandbox, "stranger")
    assert {name.rpartition("-")[0] for name in theirs if "two-accounts" in name} == {
        "lightly-access-two-accounts-cows-input",
        "lightly-access-two-accounts-hens-input",
        "lightly-access-two-accounts-hens-lightly",
    }
    assert {name.rpartition("-")[0] for name in ours if "two-accounts" in name} == {
        "lightly-access-two-accounts-cows-lightly"
    }
    assert {"our-results"} <= ours
    assert {"their-lake", "their-results"} <= theirs
    for who, bucket, region in (("stranger", "their-results", "us-east-1"), ("customer", "our-results", "eu-west-1")):
        with pytest.raises(ClientError, match=f"expecting '{region}'"):  # these clients follow to no other region
            account(sandbox, who).s3.get_bucket_location(Bucket=bucket)
    assert EXTERNAL_ID not in json.dumps(state)

    before = sandbox.calls()["lightly"]
    assert must(deploys.up()).unchanged
    assert sandbox.calls()["lightly"] == before
    assert must(deploys.refresh()).unchanged
    _an_account_can_have_another_key_for_a_while(deploys)

    _a_key_that_the_state_has_lost_is_imported_by_its_owners_provider(sandbox, deploys)
    must(deploys.destroy())
    assert made(sandbox, "customer") == set()
    assert made(sandbox, "stranger") == {"their-lake"}


def test_another_external_id_lets_nobody_in_and_nothing_is_made_there(sandbox: Sandbox, tmp_path: Path) -> None:
    seed(sandbox)
    outcome = stack_of(sandbox, tmp_path, STACK, CONFIG, {"DEPLOYER_EXTERNAL_ID": "what-somebody-guessed-0001"}).up()
    assert not outcome.ok
    assert outcome.says(ROLE, "cannot be assumed", "AccessDenied")
    assert not outcome.says("what-somebody-guessed-0001")
    assert made(sandbox, "stranger") == {"their-lake"}
