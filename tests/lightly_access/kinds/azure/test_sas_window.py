"""Deploying as often as we say never locks Lightly out, whatever the first day, the hour and the anchor."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.azure.sas_window import DELEGATED_DAYS, DELEGATED_DEFAULT, GRACE, Window, deploy_every
from lightly_access.rotation import DAYS, Period
from lightly_core.azure import LONGEST_DELEGATION

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
ANCHORS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
LATE = timedelta(hours=12)
"""How long the deployment itself may take, until the next token is registered."""


def gaps(longest: timedelta) -> st.SearchStrategy[list[timedelta]]:
    """Times between deployments: always the longest, or anything shorter."""
    return st.lists(st.just(longest) | st.timedeltas(timedelta(), longest), min_size=1, max_size=40)


@given(data=st.data(), days=st.integers(1, DELEGATED_DAYS), moment=MOMENTS, anchor=ANCHORS)
def test_a_delegated_token_lives_until_the_next_deployment(
    data: st.DataObject, days: int, moment: datetime, anchor: date
) -> None:
    for gap in data.draw(gaps(timedelta(days=deploy_every(days)))):
        window = Window.delegated(Period.of({"rotate_after": days, "rotate_anchor": anchor}, moment.date()))
        assert window.start < moment < moment + gap + LATE < window.expiry
        assert window.expiry - window.start <= LONGEST_DELEGATION
        moment += gap


@given(data=st.data(), days=st.integers(1, DAYS), moment=MOMENTS, anchor=ANCHORS)
def test_a_stored_policy_outlives_a_weekly_deployment_of_which_one_is_missed(
    data: st.DataObject, days: int, moment: datetime, anchor: date
) -> None:
    for gap in data.draw(gaps(timedelta(weeks=2))):
        window = Window.stored(Period.of({"rotate_after": days, "rotate_anchor": anchor}, moment.date()))
        assert window.start < moment < moment + gap + LATE < window.expiry
        moment += gap
    assert timedelta(weeks=2) < GRACE


def test_a_deployment_a_day_is_always_enough() -> None:
    assert deploy_every(DELEGATED_DAYS) == 1
    assert deploy_every(DELEGATED_DEFAULT) == 3
