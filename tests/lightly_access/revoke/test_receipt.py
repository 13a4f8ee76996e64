"""A receipt claims what was seen, for whatever was seen."""

import json
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lightly_access.kinds.ending import Issued, Seen
from lightly_access.revoke.receipt import Ended, Receipt, as_json, lines
from lightly_core.capability import Capability, Purpose
from lightly_core.secret import Secret

AT = datetime(2026, 11, 28, 23, 46, tzinfo=UTC)
CANARY = "kZ8+Wq3/Lm5Xv9Rt2Yb7"
KEY = Issued("s3", "user", Purpose.LIGHTLY, "access key", "AKIA1", "s3://lake/out/", None, {}, Secret(CANARY))


def ended(*works: bool | None, issued: Issued = KEY) -> Ended:
    return Ended(issued, "state", tuple((Seen(each, "tried", "said"), AT) for each in works))


def receipt(
    *credentials: Ended,
    lightly: dict[Capability, bool | None] | None = None,
    revoked: bool = False,
    unasked: tuple[str, ...] = (),
) -> Receipt:
    by = "pulumi up" if credentials else "an earlier run" if revoked else None
    looked = (("the stack's state",), ("the states after earlier runs",), unasked)
    return Receipt("farm", "prod", "cows", "5f3c", AT, by, credentials, ("the data",), lightly, revoked, *looked)


@given(
    st.lists(st.lists(st.sampled_from([True, False, None]), max_size=3), max_size=4),
    st.booleans(),
    st.lists(st.just("INPUT: nobody could look\nhint: log in"), max_size=1),
)
@example([], False, [])
@example([], True, [])
@example([[False]], True, ["INPUT: nobody could look\nhint: log in"])
def test_it_is_well_only_where_something_showed_the_end_of_each_and_everybody_was_asked(
    seen: list[list[bool | None]], revoked: bool, unasked: list[str]
) -> None:
    made = receipt(*(ended(*answers) for answers in seen), revoked=revoked, unasked=tuple(unasked))
    refused = all(False in answers and True not in answers for answers in seen)
    assert made.ok is (not unasked and (refused if seen else revoked))
    told = as_json(made)
    assert told["unasked"] == unasked
    assert told["ok"] is made.ok
    assert [each["state"] for each in told["credentials"]] == [
        "works" if True in answers else "ended" if False in answers else "not shown" for answers in seen
    ]
    text = "\n".join(lines(made))
    head = text.splitlines()[0]
    assert ("has ended" in head) is (made.ok and bool(seen)), "of what nobody tried, nobody says so"
    assert ("was revoked, as the stack's state shows" in head) is (made.ok and not seen)
    assert ("nothing was there to try, and no cloud was asked" in text) is (not seen)
    assert ("  not asked: INPUT: nobody could look\n    hint: log in" in text) is bool(unasked)
    assert "  looked at: the stack's state\n  not looked at: the states after earlier runs" in text
    assert CANARY not in text + json.dumps(told)


@pytest.mark.parametrize(("can", "asked"), [*product([True, False, None], [True, False])])
def test_what_lightly_still_can_is_not_well(can: bool | None, asked: bool) -> None:
    made = receipt(ended(False), lightly={Capability.LIST: can} if asked else None)
    assert made.ok is not (asked and can is True)
    assert as_json(made)["lightly"] == ({"list": can} if asked else None)


def test_nobody_says_that_lightly_refused_when_nobody_asked() -> None:
    assert not any("Lightly was asked" in line for line in lines(receipt(ended(False))))
