"""The import file: names, types and parents of our components; and what must not be in it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lightly_access.kinds.s3.audit.facts import Attached
from lightly_access.kinds.s3.audit.imports import imports, obstacle
from lightly_access.naming import access_name
from lightly_core.capability import Purpose
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, stack_of
from tests.lightly_access.audit.clouds import Lightly, delegated, run
from tests.lightly_access.kinds.s3.audit.example import DELEGATED, STRONG, USER, grant, registered, role, trust
from tests.lightly_sandbox.kinds.s3.emulator.aws import Aws

ROOT = Path(__file__).resolve().parents[3]


def test_a_role_is_imported_with_its_policy_below_the_component_of_its_access() -> None:
    component, role_spec, policy = imports("cows", registered(), role(grant()))
    assert component == {
        "type": "lightly-access:aws:S3DelegatedAccess",
        "name": access_name("cows", Purpose.LIGHTLY),
        "component": True,
    }
    assert (role_spec["id"], role_spec["parent"]) == ("lightly-datalake", component["name"])
    assert (policy["id"], policy["parent"]) == ("lightly-datalake:p0", component["name"])


def test_what_could_not_be_deleted_afterwards_is_not_imported() -> None:
    two, none = role(grant(), grant()), role()
    user = replace(role(grant()), kind="user", arn=USER)
    for holder in (two, none, user):
        assert obstacle(holder)
        assert list(imports("cows", registered(), holder)) == []


def test_managed_policies_keep_no_role_from_being_taken_over_for_the_provider_takes_them_off() -> None:
    managed = Attached("shared", "managed", "role lightly-datalake", grant())
    holder = replace(role(grant()), policies=(managed, *role(grant()).policies))
    assert obstacle(holder) is None
    assert [spec["id"] for spec in imports("cows", registered(), holder) if "id" in spec] == [
        "lightly-datalake",
        "lightly-datalake:p0",
    ]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with start_sandbox(tmp_path_factory.mktemp("sandbox") / "log.txt") as running:
        yield running


@pytest.mark.engine
def test_pulumis_engine_imports_it_and_the_next_update_replaces_the_role_by_a_verified_one(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    aws = Aws(sandbox.aws.url, dict(sandbox.aws.announcement["accounts"]))
    name, bucket, role_name = by_hand(aws, Lightly(sandbox.lightly.url, sandbox.token.reveal()))
    before = run(name, "--import-file", "import.json", "--json")
    assert before.exit_code == 1
    stack = stack_of(sandbox, tmp_path / "stack", "prod", manifest(name, bucket))
    file = json.loads((tmp_path / "import.json").read_text())
    must(stack.adopt(file["resources"], file.get("nameTable", {})))
    assert must(stack.up()).replaced
    assert role_name not in {role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]}
    after = run(name)
    assert after.exit_code == 0, after.output


def by_hand(aws: Aws, lightly: Lightly) -> tuple[str, str, str]:
    """A role for both purposes, as a page of Lightly's has it; its dataset, bucket and name."""
    bucket = aws.bucket("in/cow.png", what="lake")
    whole = DELEGATED.replace("datalake", bucket)
    like = {"StringLike": {"sts:ExternalId": STRONG}}
    arn = aws.role(trust(like), whole, what="by-hand", MaxSessionDuration=43200)
    name = f"herd-{uuid.uuid4().hex[:6]}"
    lightly.dataset(
        name, *(delegated(word, f"s3://{bucket}/{word.lower()}/", arn, STRONG) for word in ("INPUT", "LIGHTLY"))
    )
    aws.client("s3").put_object(Bucket=bucket, Key="input/cow.png", Body=b"data")
    return name, bucket, arn.rpartition("/")[2]


def manifest(name: str, bucket: str) -> dict[str, object]:
    return {
        "lightly-access:stores": {"lake": {"kind": "s3", "bucket": bucket, "region": "eu-central-1"}},
        "lightly-access:datasets": {
            name: {
                "type": "images",
                "adopt": True,
                "replace_registered": True,
                "input": {"store": "lake", "path": "input/", "access": "delegated"},
                "lightly": {"store": "lake", "path": "lightly/", "access": "delegated"},
            }
        },
    }
