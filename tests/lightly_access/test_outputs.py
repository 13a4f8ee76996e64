"""What is declared for each kind of store, and what Pulumi prints after every run."""

import subprocess
import sys

import pytest
from lightly_access.kinds import registry
from lightly_access.kinds.builder import Builder
from lightly_access.outputs import first_end, line, short, whole


def light(expected: bool, actual: bool | None) -> dict[str, object]:
    return {"expected": expected, "actual": actual, "ok": expected is actual}


def test_the_lights_are_told_in_a_line_for_each_purpose_in_the_order_of_the_capabilities() -> None:
    lights = {
        "INPUT": {"write": light(False, False), "read": light(True, True), "list": light(True, True)},
        "LIGHTLY": {"list": light(True, True)},
    }
    assert short(lights) == {"INPUT": "list, read; not write", "LIGHTLY": "list"}


def test_what_is_not_as_expected_is_red_and_what_nobody_could_tell_is_not_known() -> None:
    lights = {"LIGHTLY": {"list": light(True, True), "read": light(True, None), "write": light(True, False)}}
    assert short(lights) == {"LIGHTLY": "list; not write; not known: read; RED: write"}
    del lights["LIGHTLY"]["read"]["actual"]  # on the wire there are no nulls
    assert short(lights) == {"LIGHTLY": "list; not write; not known: read; RED: write"}


def test_a_dataset_is_one_line_with_what_is_red_and_by_when_to_deploy() -> None:
    lights = {"INPUT": "list, read", "LIGHTLY": "list; RED: write"}
    credentials = {"INPUT": {"rotates": None}, "LIGHTLY": {"rotates": "2026-12-27"}}
    found = {"ok": False, "verified_at": "2026-11-28T16:25:00Z", "lights": lights, "credentials": credentials}
    assert line(found) == (
        "RED, verified 2026-11-28T16:25:00Z: INPUT list, read; LIGHTLY list; RED: write; deploy by 2026-12-27"
    )
    assert line({"ok": True, "lights": {"INPUT": "list"}, "credentials": {"INPUT": {}}}) == "ok: INPUT list"
    assert line({"id": "5f3c", "revoked": True}) == "revoked: Lightly has no access"


def test_the_whole_stack_is_as_well_as_its_worst_dataset_and_lasts_as_long_as_its_first_credential() -> None:
    ends = {"INPUT": {"expires": "2027-01-11T00:00:00Z"}, "LIGHTLY": {"expires": "2027-01-10"}, "X": {"kind": "role"}}
    assert first_end(ends) == "2027-01-10"
    assert first_end({"X": {}, "Y": {"expires": "soon"}}) is None
    cows = {"ok": True, "verified_at": "2026-11-28T16:25:00Z", "expires": "2027-01-11T00:00:00Z"}
    calves = {"ok": True, "verified_at": "2026-11-27T16:25:00Z"}
    stack = {"cows": cows, "calves": calves, "bulls": {"id": "5f3c", "revoked": True}}
    assert whole(stack) == {"ok": True, "verified_at": "2026-11-27T16:25:00Z", "expires": "2027-01-11T00:00:00Z"}
    assert not whole({**stack, "calves": {**calves, "ok": False}})["ok"]
    assert whole({**stack, "calves": {"ok": None}}) == {"ok": False, "verified_at": None, "expires": cows["expires"]}
    assert whole({}) == {"ok": True, "verified_at": None, "expires": None}


@pytest.mark.parametrize(
    ("kind", "sdk"),
    [("s3", "pulumi_aws"), ("azure", "pulumi_azure_native"), ("gcs", "pulumi_gcp"), ("obs", None), ("local", None)],
)
def test_a_stack_pays_only_for_the_sdk_of_its_own_cloud(kind: str, sdk: str | None) -> None:
    asked = (
        f"import sys, lightly_access.deployment, lightly_access.kinds.{kind}.builder; "
        "print(sorted({'pulumi_aws', 'pulumi_azure_native', 'pulumi_gcp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([sdk] if sdk else [])


def test_every_kind_of_store_that_lightly_has_a_way_into_can_be_declared() -> None:
    for kind in registry.ROWS:
        assert isinstance(kind.builder(), Builder), kind.name
