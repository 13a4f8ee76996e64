"""`lightly-access recover` of an exported state, which it only shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from lightly_cli.main import main

STACK = {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "pulumi:pulumi:Stack"}
PROVIDER = {"urn": "urn:pulumi:dev::p::pulumi:providers:aws::default", "custom": True, "id": "1"}


def pending(doing: str, type_: str, name: str, /, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::p::{type_}::{name}"
    known = {"urn": urn, "custom": True, "type": type_, "parent": STACK["urn"], "provider": f"{PROVIDER['urn']}::1"}
    return {"type": doing, "resource": {**known, "inputs": inputs}}


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a project nor a login."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("LIGHTLY_TOKEN", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)


def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any, *args: str) -> tuple[int, str, str]:
    (file := tmp_path / "state.json").write_text(json.dumps({"version": 3, "deployment": deployment}))
    with pytest.raises(SystemExit) as ended:
        main(["recover", "--state", str(file), *args])
    return int(ended.value.code or 0), *capsys.readouterr()


def test_what_is_in_flight_is_listed_and_nothing_is_done(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    operations = [
        pending("creating", "aws:iam/rolePolicy:RolePolicy", "policy", role="r", name="n"),
        pending("updating", "aws:iam/role:Role", "other", name="other"),
        pending("creating", "lightly:index:Dataset", "cows-dataset", name="cows", type="images"),
    ]
    deployment = {"resources": [STACK, PROVIDER], "pending_operations": operations}
    code, out, err = run(capsys, tmp_path, deployment, "--yes", "--json")
    assert code == 1, err
    found = json.loads(out)
    assert (found["ok"], found["done"]) == (False, False)
    assert [(each["doing"], each["deed"]) for each in found["operations"]] == [
        ("creating", "clear"),
        ("updating", "clear"),
        ("creating", "clear"),
    ]
    assert "LIGHTLY_TOKEN is not set" in found["operations"][2]["said"]
    code, out, err = run(capsys, tmp_path, deployment)
    assert code == 1
    assert len(out.splitlines()) == 3
    assert "--stack instead of --state" in err


def test_a_cloud_that_cannot_be_asked_leaves_it_to_pulumi_or_stops(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    role = pending("creating", "aws:iam/role:Role", "role", name="acme-cows")
    key = pending("creating", "aws:iam/accessKey:AccessKey", "key", user="acme-cows")
    cow = pending("creating", "farm:index:Cow", "cow")
    deployment = {"resources": [STACK, PROVIDER], "pending_operations": [role, key, cow]}
    code, out, _ = run(capsys, tmp_path, deployment, "--json")
    assert code == 1
    found = {each["urn"].rpartition("::")[2]: each for each in json.loads(out)["operations"]}
    assert {name: each["deed"] for name, each in found.items()} == {"role": "take over", "key": "hold", "cow": "hold"}
    assert "if it is there" in found["role"]["said"]
    assert "iam:ListAccessKeys" in found["key"]["hint"]
    assert "--forget cow" in found["cow"]["hint"]
    code, out, _ = run(capsys, tmp_path, deployment, "--json", "--forget", "cow", "--forget", "key")
    assert [each["deed"] for each in json.loads(out)["operations"]] == ["take over", "clear", "clear"]


@pytest.mark.parametrize("deployment", [{}, {"resources": [], "pending_operations": []}])
def test_a_stack_in_which_nothing_is_in_flight_is_well(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any
) -> None:
    code, out, err = run(capsys, tmp_path, deployment)
    assert code == 0, err
    assert "nothing is in flight" in out


@pytest.mark.parametrize("deployment", [None, [], "x", 3])
def test_what_is_no_state_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, deployment: Any) -> None:
    code, _, err = run(capsys, tmp_path, deployment)
    assert code == 2
    assert "state.json" in err
