import contextlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.deployed.exported import StateError
from lightly_access.deployed.stack import deployed
from lightly_core.capability import Capability, Purpose
from lightly_core.pulumi_struct import SIGNATURE

from tests.lightly_access.deployed.states import RED, dataset, key, light_row, state
from tests.lightly_sandbox.reporter import ROOT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_lights_times_and_credentials_are_read_in_our_order() -> None:
    held = key(expires="2027-01-11T00:00:00Z")
    stack = deployed(state(dataset("cows", INPUT=(held, light_row(write=RED)), LIGHTLY=(key(), light_row()))))
    (cows,) = stack.datasets
    assert (stack.project, stack.stack, stack.ok, cows.ok) == ("farm", "prod", False, False)
    assert cows.verified_at == datetime(2026, 11, 28, 9, tzinfo=UTC)
    source = cows.datasources[0]
    assert (source.purpose, source.path) == (Purpose.INPUT, "s3://lake/cows/input/")
    assert list(source.lights) == list(Capability)
    assert list(source.red) == [Capability.WRITE]
    assert source.credential.due == date(2026, 12, 27)
    assert source.credential.ends == datetime(2027, 1, 11, tzinfo=UTC)


def test_a_dataset_without_accesses_is_revoked_and_nothing_is_wrong_with_it() -> None:
    stack = deployed(state(dataset("cows")))
    assert stack.datasets[0].revoked
    assert stack.ok


def test_one_that_was_never_verified_is_not_well() -> None:
    """The run was killed, or ended before it."""
    component, verification = dataset("cows", INPUT=(key(), {}))
    verification["outputs"] = {}
    assert not deployed(state([component, verification])).ok
    assert not deployed(state([component])).ok


@pytest.mark.parametrize("access", [[], ["cows-input-access"], ["cows-lightly-access"]])
def test_no_access_that_a_run_was_cut_off_in_making_or_ending_is_said_to_be_none(access: list[str]) -> None:
    (component,) = dataset("cows")
    if not access:
        component["outputs"] = {}
    kind = "lightly-access:aws:S3UserAccess"
    left = [{"urn": f"urn:pulumi:prod::farm::{kind}::{name}", "type": kind} for name in access]
    (cows,) = deployed(state([component, *left])).datasets
    assert (cows.revoked, cows.ok) == (False, False)


def test_what_is_secret_in_the_state_is_not_known_rather_than_wrong() -> None:
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:..."}
    component, verification = dataset("cows", INPUT=(key(), light_row()))
    component["outputs"]["credentials"] = secret
    (cows,) = deployed(state([component, verification])).datasets
    assert cows.datasources[0].credential.kind == ""
    assert cows.ok


def test_what_is_about_to_be_deleted_is_not_counted_twice() -> None:
    component, verification = dataset("cows", INPUT=(key(), light_row()))
    assert len(deployed(state([component, verification], [{**component, "delete": True}])).datasets) == 1


def test_a_state_of_the_version_before_is_read() -> None:
    """It was recorded before verifications said when they were."""
    recorded = json.loads((ROOT / "tests" / "stacks" / "recorded" / "state.json").read_text())
    stack = deployed(recorded)
    assert stack.datasets
    assert stack.ok
    assert {dataset.verified_at for dataset in stack.datasets} == {None}


@given(document=JSON, at=st.sampled_from(["deployment", "resources", "outputs", "lights"]), value=JSON)
def test_any_document_is_read_or_refused(document: Any, at: str, value: Any) -> None:
    broken = state(dataset("cows", INPUT=(key(), light_row())))
    if at == "deployment":
        broken["deployment"] = value
    elif at == "resources":
        broken["deployment"]["resources"] = value
    elif at == "outputs":
        broken["deployment"]["resources"][1]["outputs"] = value
    else:
        broken["deployment"]["resources"][2]["outputs"]["lights"] = value
    for wrong in (document, broken):
        with contextlib.suppress(StateError):
            deployed(wrong)


@pytest.mark.parametrize("nothing", [None, [], {}, {"deployment": None}, {"deployment": []}, "x", {"resources": []}])
def test_what_is_no_deployment_is_said_to_be_none(nothing: object) -> None:
    with pytest.raises(StateError, match="pulumi stack export"):
        deployed(nothing)


def test_a_datasource_of_a_run_that_was_cut_off_is_there_and_not_verified() -> None:
    component, _ = dataset("cows", INPUT=(key(), {}))
    component["outputs"] = {}
    registered = {
        "urn": f"{component['urn']}-input",
        "type": "lightly:index:Datasource",
        "parent": component["urn"],
        "outputs": {"purpose": "INPUT", "path": "s3://lake/cows/", "kind": "s3", "access": "user"},
    }
    (cows,) = deployed(state([component, registered])).datasets
    assert not cows.revoked
    assert not cows.ok
    assert cows.paths == {"INPUT": "s3://lake/cows/"}
