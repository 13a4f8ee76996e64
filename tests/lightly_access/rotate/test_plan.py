"""What a rotation replaces, for every access of every kind, and what it says where there is nothing to replace."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from lightly_access.kinds import registry
from lightly_access.rotate.plan import text_of, text_of_leak

NOW = datetime(2026, 11, 28, 23, 46, tzinfo=UTC)


@pytest.mark.parametrize("name", registry.accesses())
def test_an_access_that_takes_rotate_now_is_replaced_and_every_other_says_why_not(name: str) -> None:
    access = registry.accesses()[name]
    assert ("rotate_now" in access.options) is (access.unrotated is None)


def test_the_text_is_another_one_each_time() -> None:
    first = text_of(NOW, None)
    assert first == "2026-11-28T23:46:00Z"
    assert text_of(NOW.astimezone(timezone(timedelta(hours=2))), "old") == first
    assert text_of(NOW, first) != first


def test_a_leak_has_one_text_that_does_not_name_the_key() -> None:
    assert text_of_leak("AKIAIOSFODNN7EXAMPLE") == text_of_leak("AKIAIOSFODNN7EXAMPLE")
    assert text_of_leak("AKIAIOSFODNN7EXAMPLE") != text_of_leak("AKIAIOSFODNN7EXAMPLF")
    assert "AKIA" not in text_of_leak("AKIAIOSFODNN7EXAMPLE")
