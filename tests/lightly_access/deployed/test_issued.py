"""Every credential of a dataset in a state, whoever made it, open or closed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.deployed.issued import dataset_resources
from lightly_access.kinds import registry
from lightly_core.pulumi_struct import SECRET, SIGNATURE

URN = "urn:pulumi:prod::farm::{}::{}"
TYPES = {
    "aws:iam/accessKey:AccessKey": {"user": "u", "createDate": "2026-11-01T08:00:00Z"},
    "aws:iam/role:Role": {"arn": "arn:aws:iam::123456789012:role/r", "name": "r", "createDate": "2026-11-01T08:00:00Z"},
    "lightly:index:AzureSas": {"accountName": "a", "container": "c", "policy": "p-1", "method": "stored_policy"},
    "gcp:serviceaccount/key:Key": {"validAfter": "2026-11-01T08:00:00Z"},
}
SECRETS = {"aws:iam/accessKey:AccessKey": "secret", "lightly:index:AzureSas": "sasToken"}


def secret(text: str | None) -> dict[str, Any]:
    return {SIGNATURE: SECRET, **({"ciphertext": "v1:a:b"} if text is None else {"plaintext": json.dumps(text)})}


def document(kind: str, *, opened: bool, old: bool) -> dict[str, Any]:
    access, dataset = (
        URN.format("lightly-access:x:XAccess", "cows-lightly-access"),
        URN.format("lightly-access:index:LightlyDataset", "cows"),
    )
    outputs: dict[str, Any] = dict(TYPES[kind])
    if kind in SECRETS:
        outputs[SECRETS[kind]] = secret("the secret" if opened else None)
    made = {"type": kind, "parent": access, "outputs": outputs, "urn": URN.format(kind, "cows-lightly-access-key")}
    path = {"inputs": {"purpose": "LIGHTLY", "path": "s3://lake/out/", "region": "eu-central-1"}}
    source = {"type": "lightly:index:Datasource", "parent": dataset, "urn": URN.format("d", "cows-lightly"), **path}
    listed = [
        {"type": "lightly-access:index:LightlyDataset", "urn": dataset},
        {"type": "lightly:index:Dataset", "urn": URN.format("x", "cows-dataset"), "parent": dataset, "id": "5f3c"},
        {"type": "lightly-access:x:XAccess", "urn": access},
        {**made, "id": "the-new-one"},
        *([{**made, "id": "the-old-one", "delete": True}] if old else []),
        source,
        {
            "type": kind,
            "parent": URN.format("lightly-access:x:XAccess", "bees-lightly-access"),
            "id": "bees",
            "urn": "x",
        },
    ]
    return {"deployment": {"resources": listed}}


@pytest.mark.parametrize("old", [True, False], ids=["rotating", "at rest"])
@pytest.mark.parametrize("opened", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize("kind", TYPES)
def test_the_one_in_use_comes_first_and_the_old_one_is_known_as_such(kind: str, opened: bool, old: bool) -> None:
    found = dataset_resources(document(kind, opened=opened, old=old), "cows")
    assert found.id == "5f3c"
    assert [each.pending for each in found.issued] == [False, *([True] if old else [])]
    assert all("the-" in each.identity or "role/r" in each.identity for each in found.issued)
    if kind in SECRETS:
        assert [each.secret is not None for each in found.issued] == [opened] * len(found.issued)
    assert "the secret" not in repr(found)
    assert len(found.urns) == 5
    assert dataset_resources(document(kind, opened=opened, old=old), "pigs").issued == ()


def test_every_resource_that_a_kind_calls_a_credential_is_tried_here() -> None:
    assert set(TYPES) == {each for kind in registry.ROWS for each in kind.ending().types}


JSON = st.recursive(st.none() | st.booleans() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2))


@given(st.sampled_from(sorted(TYPES)), st.dictionaries(st.sampled_from(["outputs", "inputs", "parent", "urn"]), JSON))
def test_an_odd_state_is_read_as_far_as_it_goes(kind: str, odd: dict[str, Any]) -> None:
    state = document(kind, opened=True, old=True)
    state["deployment"]["resources"] += [{"type": kind, "id": "x", **odd}]
    assert len(dataset_resources(state, "cows").issued) >= 2


REVOKED = {"credentials": {}, "datasetId": "5f3c"}
ACCESS, DATASET = (
    URN.format("lightly-access:x:XAccess", "cows-lightly-access"),
    URN.format("lightly-access:index:LightlyDataset", "cows"),
)
LEFT = [
    {"type": "aws:iam/user:User", "parent": ACCESS, "urn": "u"},
    {"type": "lightly:index:Datasource", "parent": DATASET, "urn": "d"},
    {"type": "lightly-access:x:XAccess", "urn": ACCESS},
]


def without_access(outputs: object) -> dict[str, Any]:
    whole = document("aws:iam/role:Role", opened=False, old=False)["deployment"]["resources"]
    component, made, bees = {**whole[0], "outputs": outputs}, whole[1], whole[-1]
    return {"deployment": {"resources": [component, made, bees]}}


def test_a_state_shows_that_it_was_revoked_by_what_a_finished_run_put_out() -> None:
    assert dataset_resources(without_access(REVOKED), "cows").revoked
    assert not dataset_resources(without_access(REVOKED), "pigs").revoked, "it was never deployed"
    odd: list[Any] = [None, {}, {"credentials": {"INPUT": {}}}, {"credentials": secret(None)}]
    for outputs in odd:
        assert not dataset_resources(without_access(outputs), "cows").revoked, "the run was cut off, or had access"


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("left", [*LEFT[1:], LEFT[0]], ids=lambda each: each["type"])
def test_what_is_left_of_its_access_or_begun_is_no_end(left: dict[str, Any], waits: bool) -> None:
    state = without_access(REVOKED)
    more = [LEFT[2]] if left is LEFT[0] else []
    state["deployment"]["resources"] += [*more, {**left, "delete": waits}]
    assert not dataset_resources(state, "cows").revoked
    noted = without_access(REVOKED)
    noted["deployment"]["pending_operations"] = [{"type": "deleting", "resource": LEFT[0]}]
    assert not dataset_resources(noted, "cows").revoked
    assert dataset_resources(without_access(REVOKED), "cows").revoked
