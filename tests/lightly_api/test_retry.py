"""How often, how long: properties of the waiting."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_api.errors import StoppedError, UnansweredError
from lightly_api.retry import RetryPolicy, TransientError

from tests.lightly_provider.fake_time import FakeTime


@given(
    took=st.lists(st.floats(0, 40), min_size=5, max_size=5),
    waits=st.lists(st.none() | st.floats(0, 90), min_size=5, max_size=5),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_never_more_than_five_tries_and_no_pause_beyond_sixty_seconds(
    took: list[float], waits: list[float | None], chance: float
) -> None:
    time = FakeTime(chance=chance)
    starts: list[tuple[float, float]] = []

    def attempt(left: float) -> None:
        starts.append((time.seconds, left))
        number = len(starts) - 1
        time.seconds += min(took[number], left)  # the transport keeps to what is left
        raise TransientError("busy", waits[number])

    with pytest.raises(UnansweredError) as caught:
        time.retry_policy().keep_trying("do it", attempt)
    assert 1 <= len(starts) <= 5
    assert caught.value.tries == len(starts)
    assert time.seconds <= 60.2
    for pause, wait in zip(time.slept, waits, strict=False):
        if wait is not None:
            assert wait <= pause <= wait + 1
        else:
            assert pause <= 8


def test_the_first_good_answer_ends_it() -> None:
    time = FakeTime()
    assert time.retry_policy().keep_trying("do it", lambda left: left) == 30.0
    assert time.slept == []


def test_what_is_no_passing_failure_passes_through() -> None:
    def attempt(left: float) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        FakeTime().retry_policy().keep_trying("do it", attempt)


def test_a_cancelled_run_ends_the_waiting() -> None:
    def sleep(seconds: float) -> None:
        raise StoppedError("waiting")

    def attempt(left: float) -> None:
        raise TransientError("busy")

    with pytest.raises(StoppedError):
        RetryPolicy(sleep=sleep).keep_trying("do it", attempt)


@given(st.one_of(st.text(), st.from_regex(r"[\d²½ .-]*"), st.dates().map("Thu, {0:%d %b %Y} 25:61:61 -0000".format)))
@example("²")
@example("9" * 400)
@example("Thu, 01 Jan 0001 00:00:00 -2359")
def test_a_retry_after_is_seconds_or_a_date_and_all_else_is_none(header: str) -> None:
    wait = FakeTime().retry_policy().retry_after(header)
    assert wait is None or 0 <= wait < 4e11
