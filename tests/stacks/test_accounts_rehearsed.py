"""A stack in two accounts of AWS and two regions, on the local engine and on Pulumi's: deployed, again, destroyed."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_sandbox.deployer import Deployer, LocalDeployer, PulumiDeployer
from lightly_sandbox.kinds.s3.client import account, make_bucket
from lightly_sandbox.lights import red_lights
from lightly_sandbox.sandbox import Sandbox, start_sandbox

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The program with a stack of its own."""
    here = tmp_path / "project"
    (here / "stacks").mkdir(parents=True)
    shutil.copy(ROOT / "Pulumi.yaml", here)
    for folder in ("components", "policies"):
        (here / folder).symlink_to(ROOT / folder)
    (here / ".venv").symlink_to(sys.prefix)
    shutil.copy(ROOT / "stacks" / "__main__.py", here / "stacks")
    (here / "stacks" / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump({"config": CONFIG}))
    return here


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


def deployer(engine: str, project: Path, out: Path, environment: Mapping[str, str]) -> Deployer:
    out.mkdir()
    where = (project, STACK, out, environment, lambda _: None)
    return PulumiDeployer(*where) if engine == "pulumi" else LocalDeployer(*where)


def made(sandbox: Sandbox, who: str) -> set[str]:
    """Users, roles and buckets of an account that came from the stack."""
    client = account(sandbox, who)
    users = {it["UserName"] for it in client.iam.list_users(PathPrefix="/lightly/")["Users"]}
    roles = {it["RoleName"] for it in client.iam.list_roles(PathPrefix="/lightly/")["Roles"]}
    return users | roles | {it["Name"] for it in client.s3.list_buckets()["Buckets"]}


ENGINES = [
    "local",
    pytest.param(
        "pulumi",
        marks=[
            pytest.mark.engine,
            pytest.mark.skipif(not shutil.which("pulumi"), reason="Pulumi's own engine is not on PATH"),
        ],
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_everything_is_made_where_it_belongs_and_goes_again(
    engine: str, sandbox: Sandbox, project: Path, tmp_path: Path
) -> None:
    seed(sandbox)
    environment = {**sandbox.environment(), "DEPLOYER_EXTERNAL_ID": EXTERNAL_ID}
    deploys = deployer(engine, project, tmp_path / "out", environment)
    outcome = deploys.up()
    assert outcome.ok, outcome.diagnostics
    state = deploys.state()
    assert red_lights(state) == []
    ours, theirs = made(sandbox, "customer"), made(sandbox, "stranger")
    assert {it.rpartition("-")[0] for it in theirs if "two-accounts" in it} == {
        "lightly-access-two-accounts-cows-input",
        "lightly-access-two-accounts-hens-input",
        "lightly-access-two-accounts-hens-lightly",
    }
    assert {it.rpartition("-")[0] for it in ours if "two-accounts" in it} == {
        "lightly-access-two-accounts-cows-lightly"
    }
    assert {"our-results"} <= ours
    assert {"their-lake", "their-results"} <= theirs
    assert account(sandbox, "stranger").s3.head_bucket(Bucket="their-results")["BucketRegion"] == "us-east-1"
    assert account(sandbox, "customer").s3.head_bucket(Bucket="our-results")["BucketRegion"] == "eu-west-1"
    assert EXTERNAL_ID not in json.dumps(state)

    before = sandbox.calls()["lightly"]
    again = deploys.up()
    assert again.ok, again.diagnostics
    assert again.unchanged
    assert sandbox.calls()["lightly"] == before
    refreshed = deploys.refresh()
    assert refreshed.ok, refreshed.diagnostics
    assert refreshed.unchanged

    gone = deploys.destroy()
    assert gone.ok, gone.diagnostics
    assert made(sandbox, "customer") == set()
    assert made(sandbox, "stranger") == {"their-lake"}


def test_another_external_id_lets_nobody_in_and_nothing_is_made_there(
    sandbox: Sandbox, project: Path, tmp_path: Path
) -> None:
    seed(sandbox)
    environment = {**sandbox.environment(), "DEPLOYER_EXTERNAL_ID": "what-somebody-guessed-0001"}
    outcome = deployer("local", project, tmp_path / "out", environment).up()
    assert not outcome.ok
    assert outcome.says(ROLE, "cannot be assumed", "AccessDenied")
    assert not outcome.says("what-somebody-guessed-0001")
    assert made(sandbox, "stranger") == {"their-lake"}
