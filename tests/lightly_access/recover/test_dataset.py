"""Whose a dataset is that a run was making when it was killed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lightly_access.recover import dataset
from lightly_access.recover.decision import Deed
from lightly_access.recover.operation import Known, Operation
from lightly_api.client import LightlyApi
from lightly_core.secret import Secret

from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, fake_lightly
from tests.lightly_provider.fake_time import FakeTime

WRITTEN = datetime(2026, 11, 28, 9, tzinfo=UTC)
STACK = {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"}
URN = "urn:pulumi:dev::p::lightly:index:Dataset::cows-dataset"


@pytest.fixture
def lightly() -> Iterator[FakeLightly]:
    with fake_lightly() as fake:
        yield fake


def operation(**inputs: Any) -> Operation:
    made = {"name": "cows", "type": "images", "adopt": False, **inputs}
    return Operation("creating", {"urn": URN, "type": "lightly:index:Dataset", "parent": STACK["urn"], "inputs": made})


def decided(lightly: FakeLightly, op: Operation, *known: dict[str, Any], token: str = TOKEN) -> tuple[Deed, str, str]:
    api = LightlyApi(Secret(token), lightly.url, retry_policy=FakeTime().retry_policy())
    found = dataset.asking(api)(op, Known((STACK, *known), WRITTEN))
    if found.deed is Deed.TAKE:
        assert found.seed == {**op.entry["inputs"], "adopted": False}, "it is ours: destroy may delete it"
    return found.deed, found.id, found.said


def test_an_empty_one_of_that_day_is_taken_over(lightly: FakeLightly) -> None:
    made = lightly.add("cows")
    assert decided(lightly, operation())[:2] == (Deed.TAKE, made)
    lightly.datasets[made]["createdAt"] = (WRITTEN - timedelta(hours=23)).timestamp() * 1000
    assert decided(lightly, operation())[:2] == (Deed.TAKE, made)
    assert {each.method for each in lightly.seen} == {"GET"}


def test_one_that_may_be_somebody_else_s_is_not(lightly: FakeLightly) -> None:
    assert decided(lightly, operation())[:2] == (Deed.CLEAR, "")
    made = lightly.add("cows")
    theirs = lightly.datasets[made]
    theirs["createdAt"] = (WRITTEN - timedelta(hours=25)).timestamp() * 1000
    assert decided(lightly, operation())[0] is Deed.CLEAR
    del theirs["createdAt"]
    for change in ({"nSamples": 1}, {"type": "Videos"}):
        lightly.datasets[made] = {**theirs, **change}
        assert decided(lightly, operation())[0] is Deed.CLEAR
    lightly.datasets[made] = theirs
    lightly.datasources[made, "INPUT"] = {"type": "S3"}
    assert decided(lightly, operation())[0] is Deed.CLEAR


def test_without_a_note_it_is_ours_when_it_was_made_while_the_last_run_ran(lightly: FakeLightly) -> None:
    made = lightly.add("cows")
    planned = replace(operation(), doing="planned")
    assert decided(lightly, planned)[0] is Deed.CLEAR, "nobody knows when"
    for minutes, deed in ((-59, Deed.TAKE), (-61, Deed.CLEAR), (5, Deed.CLEAR)):
        lightly.datasets[made]["createdAt"] = (WRITTEN + timedelta(minutes=minutes)).timestamp() * 1000
        assert decided(lightly, planned)[0] is deed


def test_what_a_later_run_made_or_may_adopt_is_not_asked_for(lightly: FakeLightly) -> None:
    lightly.add("cows")
    assert decided(lightly, operation(), {"urn": URN, "id": "1"})[0] is Deed.CLEAR
    assert decided(lightly, operation(adopt=True))[0] is Deed.CLEAR
    assert lightly.seen == []


def test_it_is_deleted_when_its_stack_is_not_there_any_more(lightly: FakeLightly) -> None:
    made = lightly.add("cows")
    api = LightlyApi(Secret(TOKEN), lightly.url, retry_policy=FakeTime().retry_policy())
    found = dataset.asking(api)(operation(), Known((), WRITTEN))
    assert (found.deed, found.id) == (Deed.REMOVE, made)
    assert found.removed
    found.removed()
    assert lightly.datasets == {}


def test_without_lightly_or_with_a_dead_token_the_note_goes_and_it_is_said_why(lightly: FakeLightly) -> None:
    lightly.add("cows")
    deed, _, said = decided(lightly, operation(), token="dead")
    assert deed is Deed.CLEAR
    assert "401" in said
    assert "the next run says so" in said
    found = dataset.asking(None, "LIGHTLY_TOKEN is not set")(operation(), Known((STACK,), WRITTEN))
    assert found.deed is Deed.CLEAR
    assert "LIGHTLY_TOKEN is not set" in found.said


def test_what_is_registered_is_unknown_when_lightly_cannot_be_asked(lightly: FakeLightly) -> None:
    made = lightly.add("cows")
    lightly.datasources[made, "INPUT"] = {"type": "S3", "s3AccessKeyId": "AKIA1"}
    known = Known(({"type": "lightly:index:Datasource", "id": f"{made}/INPUT"},))
    api = LightlyApi(Secret(TOKEN), lightly.url, retry_policy=FakeTime().retry_policy())
    assert "AKIA1" in (dataset.registered(known, api) or ())
    dead = LightlyApi(Secret("dead"), lightly.url, retry_policy=FakeTime().retry_policy())
    assert dataset.registered(known, dead) is None
    assert dataset.registered(known, None) is None
