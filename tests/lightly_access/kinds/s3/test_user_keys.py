"""Which keys of a user go before a third is made: never the one that Lightly uses, nor one that nobody can tell."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.s3.user_keys import UserKey, superfluous

FIRST = datetime(2026, 11, 28, tzinfo=UTC)
OLD, NEW = UserKey("AKIA1", FIRST), UserKey("AKIA2", FIRST + timedelta(hours=1))


@given(
    st.lists(st.builds(UserKey, st.sampled_from("abcd"), st.sampled_from([OLD.created, NEW.created])), unique=True),
    st.none() | st.sampled_from("abcde"),
    st.data(),
)
def test_what_lightly_uses_stays_and_so_does_all_where_it_uses_none(
    keys: list[UserKey], registered: str | None, data: st.DataObject
) -> None:
    known = data.draw(st.lists(st.sampled_from(keys), max_size=2)) if keys else []
    gone = superfluous(keys, registered, known)
    assert len({key.id for key in keys}) < len(keys) or registered not in {key.id for key in gone}
    if registered not in {key.id for key in keys}:
        assert gone == ()


def test_the_one_that_was_not_registered_goes_when_it_is_ours() -> None:
    assert superfluous((OLD, NEW), OLD.id, (NEW,)) == (NEW,)
    assert superfluous((OLD, NEW), OLD.id, ()) == (), "somebody else may have made it"


def test_what_the_registered_one_replaced_goes_although_the_state_forgot_it() -> None:
    assert superfluous((OLD, NEW), NEW.id, ()) == (OLD,)
