"""Physical names and rotation slots."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lightly_access.kinds.s3.names import iam_name
from lightly_access.naming import name_pattern, physical_name, rotation_due, rotation_slot
from lightly_core.aws import GROUP_NAME_LIMIT, ROLE_NAME_LIMIT

parts = st.tuples(
    st.text(max_size=80), st.text(max_size=80), st.text(max_size=255), st.sampled_from(["INPUT", "LIGHTLY"])
)


def test_a_name_is_readable_and_pinned_because_another_one_would_replace_every_role() -> None:
    name = physical_name("lightly-access", "prod", "farm-animals", "INPUT")
    assert name == "lightly-access-prod-farm-animals-input-4b4imns32v"


@given(parts, st.sampled_from([ROLE_NAME_LIMIT, GROUP_NAME_LIMIT, 32]))
def test_any_parts_give_a_name_that_iam_takes(words: tuple[str, str, str, str], limit: int) -> None:
    name = physical_name(*words, limit=limit)
    assert iam_name(name, limit) is None
    assert name == physical_name(*words, limit=limit)


@given(parts, parts)
def test_different_parts_give_different_names_even_to_iam_which_ignores_case(
    some: tuple[str, str, str, str], others: tuple[str, str, str, str]
) -> None:
    assume(some != others)
    assert physical_name(*some).lower() != physical_name(*others).lower()


def test_parts_that_look_alike_when_joined_cleaned_or_cut_stay_apart() -> None:
    alike = [("a-b", "c"), ("a", "b-c"), ("A", "b-c"), ("a", "b c"), ("a", "b_c"), ("a", "b-c-")]
    alike += [("a", "x" * 80), ("a", "x" * 81)]
    assert len({physical_name("p", *words, "INPUT") for words in alike}) == len(alike)
    assert physical_name("p", "s", "d", "INPUT") != physical_name("p", "s", "d", "LIGHTLY")


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="limit: got 17"):
        physical_name("p", "s", "d", "INPUT", limit=17)


@given(parts)
def test_every_name_of_a_stack_matches_its_pattern(words: tuple[str, str, str, str]) -> None:
    pattern = name_pattern(*words[:2])
    assert pattern.endswith("*")
    assert physical_name(*words).startswith(pattern[:-1])


def test_the_pattern_keeps_stacks_apart_as_far_as_names_have_room() -> None:
    assert name_pattern("lightly-access", "prod") == "lightly-access-prod-*"
    assert name_pattern("p" * 40, "prod-eu") == "p" * 40 + "-prod*"
    assert name_pattern("_", "_") == "*"


days = st.integers(1, 90)
dates = st.dates(date(2000, 1, 1), date(2200, 1, 1))


@given(dates, dates, days)
def test_a_slot_ends_on_the_day_it_is_due(today: date, anchor: date, period: int) -> None:
    due = rotation_due(today, anchor, period)
    assert today < due <= today + timedelta(days=period)
    assert rotation_slot(due, anchor, period) == rotation_slot(today, anchor, period) + 1
    assert rotation_slot(due - timedelta(days=1), anchor, period) == rotation_slot(today, anchor, period)


def test_slots_count_from_the_anchor() -> None:
    anchor = date(2026, 1, 1)
    assert rotation_slot(anchor, anchor, 90) == 0
    assert rotation_slot(date(2026, 3, 31), anchor, 90) == 0
    assert rotation_slot(date(2026, 4, 1), anchor, 90) == 1
    assert rotation_slot(date(2025, 12, 31), anchor, 90) == -1


def test_a_period_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="days: got 0"):
        rotation_slot(date(2026, 1, 1), date(2026, 1, 1), 0)
