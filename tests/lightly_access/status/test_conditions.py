from datetime import datetime
from typing import Any

import pytest
from lightly_access.deployed.stack import deployed
from lightly_access.status.conditions import ConditionError, conditions, failing
from lightly_access.status.due import deadlines

from tests.lightly_access.deployed.states import NOW, RED, dataset, key, light_row, state

MOMENT = datetime.fromisoformat(NOW)


def said(text: str, *datasets: Any) -> list[str]:
    return failing(conditions(text), deployed(state(*datasets)), MOMENT)


def green(**held: Any) -> list[dict[str, Any]]:
    return dataset("cows", INPUT=(key(**held), light_row()))


def test_red_is_a_light_that_is_not_as_expected_or_was_never_seen() -> None:
    assert said("red", green()) == []
    red = light_row(write=RED, list=RED)
    assert said("red", dataset("cows", LIGHTLY=(key(), red))) == ["cows LIGHTLY: list, write red"]
    assert said("red", dataset("cows", INPUT=(key(), {}))) == ["cows INPUT: never verified"]
    (component,) = dataset("cows")
    assert said("red", [{**component, "outputs": {}}]) == ["cows: its last deployment did not come to its end"]


@pytest.mark.parametrize(("age", "well"), [("2h", False), ("179m", False), ("180m", True), ("3h", True), ("1d", True)])
def test_stale_is_older_than_the_age(age: str, well: bool) -> None:
    """It was verified three hours ago."""
    assert (said(f"stale:{age}", green()) == []) is well


def test_stale_is_also_what_nobody_knows_but_not_what_is_revoked() -> None:
    assert said("stale:24h", dataset("cows", verified_at=None, INPUT=(key(), light_row()))) == [
        "cows: it is not known when it was verified, expected within 24h"
    ]
    assert said("stale:24h", dataset("cows")) == []


@pytest.mark.parametrize(("age", "well"), [("9d", True), ("10d", False)])
def test_expiring_is_what_ends_within_the_age(age: str, well: bool) -> None:
    assert (said(f"expiring:{age}", green(expires="2026-12-08T12:00:00Z")) == []) is well


@pytest.mark.parametrize(("due", "well"), [("2026-11-27", False), ("2026-11-28", True)])
def test_expiring_is_also_what_a_deployment_should_have_replaced(due: str, well: bool) -> None:
    assert (said("expiring:1d", green(rotates=due)) == []) is well


@pytest.mark.parametrize("text", ["green", "red:1d", "stale", "stale:", "stale:1w", "expiring:-1d", "stale:1d2h"])
def test_what_is_no_condition_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(ConditionError, match="hint: --fail-on"):
        conditions(text)


def test_the_line_that_matters_names_the_next_deployment_and_who_is_locked_out_first() -> None:
    cows = dataset("cows", INPUT=(key(rotates="2027-01-01"), light_row()))
    late, later = key(expires="2027-01-11T00:00:00Z"), key(expires="2027-02-01T00:00:00Z")
    tractors = dataset("tractors", LIGHTLY=(late, light_row()), INPUT=(later, light_row()))
    following = deadlines(deployed(state(cows, tractors)))
    assert following.sentence(MOMENT) == (
        "the next deployment is due by 2026-12-27; after 2027-01-11 tractors LIGHTLY is locked out"
    )
    assert following.sentence(datetime.fromisoformat("2027-01-12T00:00:00+00:00")) == (
        "the deployment that was due by 2026-12-27 is 16 days late; since 2027-01-11 tractors LIGHTLY is locked out"
    )


def test_roles_alone_have_no_end() -> None:
    role = {"kind": "role", "created": "2026-11-01T08:00:00Z", "rotates": None}
    stack = deployed(state(dataset("cows", INPUT=(role, light_row()))))
    assert deadlines(stack).sentence(MOMENT) == "no credential has an end"


@pytest.mark.parametrize(("due", "well"), [("2026-11-28", False), ("2026-11-29", True)])
def test_due_is_what_a_deployment_of_today_replaces(due: str, well: bool) -> None:
    assert (said("due", green(rotates=due)) == []) is well
    assert said("due", dataset("cows", INPUT=(key(rotates=None), light_row()))) == []
