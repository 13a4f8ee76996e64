from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.rotation import Period

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(today=DAYS, anchor=DAYS, days=st.integers(1, 400))
def test_a_period_holds_its_day_and_the_next_one_begins_where_it_is_due(today: date, anchor: date, days: int) -> None:
    period = Period.of({"rotate_after": days, "rotate_anchor": anchor}, today)
    assert period.begins <= today < period.due == period.begins + timedelta(days=days)
    after = Period.of({"rotate_after": days, "rotate_anchor": anchor}, period.due)
    assert (after.begins, after.mark != period.mark) == (period.due, True)


def test_another_text_is_another_credential_within_the_period() -> None:
    today = date(2026, 11, 21)
    marks = {Period.of({"rotate_now": text}, today).mark for text in ("", "leaked", "leaked again")}
    assert len(marks) == 3
    assert Period.of({"rotate_now": "leaked"}, today) == Period.of({"rotate_now": "leaked"}, today)
