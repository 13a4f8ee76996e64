"""Which credentials are out, wherever a run was killed before."""

import pytest
from lightly_access.kinds.ending import Issued
from lightly_access.rotate.leak import leak
from lightly_access.rotate.plan import text_of_leak
from lightly_core.capability import Purpose


def key(name: str, *, pending: bool = False, ours: bool = True, purpose: Purpose = Purpose.LIGHTLY) -> Issued:
    return Issued("s3", "user", purpose, "access key", name, pending=pending, ours=ours)


A, B, OLD = key("A"), key("B"), key("A", pending=True)
TEXT = text_of_leak("A")


@pytest.mark.parametrize("now", [None, "monday", "2026-11-28T23:46:00Z"])
def test_the_one_in_use_is_out_and_whatever_waits_for_its_end(now: str | None) -> None:
    others = (key("C", purpose=Purpose.INPUT), key("D", ours=False))
    found = leak(Purpose.LIGHTLY, (B, OLD, *others), now, again=False)
    assert (found.out, found.text, found.replaced) == ((B, OLD), text_of_leak("B"), None)


def test_a_run_that_wrote_the_manifest_and_no_more_goes_on_with_the_same_one() -> None:
    assert leak(Purpose.LIGHTLY, (A,), TEXT, again=False).out == (A,)
    assert leak(Purpose.LIGHTLY, (A,), TEXT, again=True).text is None


def test_a_run_that_did_not_verify_goes_on_and_leaves_the_new_one() -> None:
    found = leak(Purpose.LIGHTLY, (B, OLD), TEXT, again=False)
    assert (found.out, found.text) == ((OLD,), None)


def test_what_is_replaced_is_not_replaced_again_unless_it_is_said() -> None:
    found = leak(Purpose.LIGHTLY, (B,), TEXT, again=False)
    assert (found.out, found.text, found.replaced) == ((), None, B)
    again = leak(Purpose.LIGHTLY, (B,), TEXT, again=True)
    assert (again.out, again.text) == ((B,), text_of_leak("B"))


def test_where_nothing_is_deployed_nothing_is_out() -> None:
    assert leak(Purpose.LIGHTLY, (), None, again=False).out == ()
