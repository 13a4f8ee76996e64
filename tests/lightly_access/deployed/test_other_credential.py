"""Another credential: named with what ends, what is made instead, and why."""

import json
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.deployed.exported import exported
from lightly_access.deployed.other_account import other_account
from lightly_access.deployed.other_credential import Before, other_access, rotated
from lightly_access.deployed.stack import datasource, deployed_in
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.previous import datasources
from lightly_access.rotation import Period
from lightly_core.capability import Purpose

ROOT = Path(__file__).parents[3]
STORES = {
    "lake": {"kind": "s3", "bucket": "acme-lake", "region": "eu-central-1"},
    "photos": {"kind": "azure", "account": "acmephotos", "container": "pictures", "resource_group": "r"},
    "frames": {"kind": "gcs", "bucket": "acme-frames", "project": "acme-ml"},
}
ACCESSES = {"delegated": "lake", "user": "lake", "sas": "photos", "service_account": "frames"}
ROTATED = ("user", "sas", "service_account")
GIVEN = {
    "delegated": {"role_arn": "arn:aws:iam::123456789012:role/x", "external_id": "env:ID"},
    "user": {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "env:SECRET"},
    "sas": {"secret": "env:SAS"},
    "service_account": {"secret": "env:KEY"},
}
TODAY = date(2026, 11, 28)
SAFE = "registered and verified before the old one ends"


def manifest(access: str, **more: Any) -> Manifest:
    """One dataset, whose INPUT is the case."""
    sources = {
        "input": {"store": ACCESSES[access], "path": "in/", "access": access, **more},
        "lightly": {"store": "lake", "path": "out/", "access": "delegated"},
    }
    return Manifest.parse({"stores": STORES, "datasets": {"cows": {"type": "images", "aliases": ["old"], **sources}}})


def before(access: str, key: str = "cows", **held: Any) -> Before:
    """What is deployed, as outputs say it."""
    kinds = {"delegated": "role", "user": "access key", "sas": "SAS token", "service_account": "service account key"}
    known = {"kind": STORES[ACCESSES[access]]["kind"], "access": access, "path": "p"}
    return {key: [datasource(Purpose.INPUT, known, {"kind": kinds[access], **held}, {})]}


@pytest.mark.parametrize(("old", "new"), list(permutations(ACCESSES, 2)))
@pytest.mark.parametrize("key", ["cows", "old"])
def test_another_access_is_said_with_what_is_made_and_what_ends(old: str, new: str, key: str) -> None:
    (said,) = other_access(manifest(new), before(old, key))
    made, ended = (registry.accesses()[each].described for each in (new, old))
    assert str(said).startswith(f"datasets.cows.input.access: got {new}, expected {old}, which is deployed")
    assert f"makes {made} and ends the deployed one, {ended}; " in str(said)
    assert SAFE in str(said)
    assert not list(rotated(manifest(new), before(old, key, rotates="2026-01-01"), TODAY))


@pytest.mark.parametrize("access", ACCESSES)
def test_what_somebody_else_made_is_told_from_what_we_make(access: str) -> None:
    (gives,) = other_access(manifest(access, **GIVEN[access]), before(access))
    assert f"registers {registry.accesses()[access].described} that you give and ends the deployed one" in str(gives)
    (takes,) = other_access(manifest(access), before(access, kind="adopted one"))
    assert "still works: end it where it was made" in str(takes)
    assert not list(other_access(manifest(access), before(access)))
    assert not list(other_access(manifest(access, **GIVEN[access]), before(access, kind="adopted one")))


def test_a_sas_of_another_kind_is_another_token() -> None:
    (said,) = other_access(manifest("sas", sas="user_delegation"), before("sas", method="stored_policy"))
    assert "got a SAS token by user_delegation, expected one by stored_policy, which is deployed" in str(said)
    assert not list(other_access(manifest("sas"), before("sas", method="stored_policy")))


WORDS = [(90, "", 90, ""), (90, "", 90, "leaked"), (90, "a", 90, "b"), (90, "", 30, ""), (60, "a", 90, "a")]
"""`rotate_after` and `rotate_now`, as deployed and as written now."""


@given(
    st.sampled_from(ROTATED),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 200),
    st.sampled_from(WORDS),
)
def test_a_credential_that_is_replaced_has_a_reason_and_one_that_is_not_has_none(
    access: str, deployed: date, later: int, said: tuple[int, str, int, str]
) -> None:
    days, now, new_days, new_now = said
    old = Period.of({"rotate_after": days, "rotate_now": now}, deployed)
    today = deployed + timedelta(days=later)
    new = Period.of({"rotate_after": new_days, "rotate_now": new_now}, today)
    words = {"rotate_after": new_days, **({"rotate_now": new_now} if new_now else {})}
    found = list(
        rotated(manifest(access, **words), before(access, rotates=old.due.isoformat(), period=old.trigger), today)
    )
    if old.due > today:
        assert bool(found) == (new.trigger != old.trigger)
    else:
        assert f"due since {old.due}" in str(found[0])
    for each in found:
        assert SAFE in str(each)
        assert registry.accesses()[access].described in str(each)


def test_a_stack_that_is_as_its_manifest_says_is_no_word_about() -> None:
    """All kinds of store and access, as version 0.1.0 deployed them."""
    written = yaml.safe_load((ROOT / "stacks" / "Pulumi.rehearsal.yaml").read_text())["config"]
    export = exported(json.loads((ROOT / "tests" / "stacks" / "recorded" / "state.json").read_text()))
    found = Manifest.parse(written, root=ROOT)
    deployed = {each.name: each.datasources for each in deployed_in(export).datasets}
    assert len(deployed) == len(found.datasets)
    assert [*other_access(found, deployed), *rotated(found, deployed, TODAY), *other_account(found, export)] == []


def test_what_was_deployed_by_an_older_version_says_what_it_knows() -> None:
    assert not list(rotated(manifest("user", rotate_now="x"), before("user", rotates="2026-12-27"), TODAY))
    (due,) = rotated(manifest("user"), before("user", rotates="2026-11-01"), TODAY)
    assert "due since 2026-11-01" in str(due)


@given(st.recursive(st.none() | st.text(max_size=5), lambda each: st.dictionaries(st.text(max_size=5), each)))
def test_outputs_of_any_other_shape_say_nothing(details: object) -> None:
    shapes = ({"details": details}, {"details": {"cows": details}}, {"details": {"cows": {"datasources": details}}})
    for outputs in shapes:
        found = datasources(outputs)
        assert not list(other_access(manifest("user"), found))
        assert not list(rotated(manifest("user"), found, TODAY))
