"""A receipt claims what was seen, for whatever was seen."""

import json
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
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


def receipt(*credentials: Ended, lightly: dict[Capability, bool | None] | None = None) -> Receipt:
    return Receipt("farm", "prod", "cows", "5f3c", AT, "pulumi up", credentials, ("the data",), lightly)


@given(st.lists(st.lists(st.sampled_from([True, False, None]), max_size=3), max_size=4))
def test_it_is_well_only_where_each_was_refused_and_none_works(seen: list[list[bool | None]]) -> None:
    made = receipt(*(ended(*answers) for answers in seen))
    assert made.ok is all(False in answers and True not in answers for answers in seen)
    told = as_json(made)
    assert told["ok"] is made.ok
    assert [each["state"] for each in told["credentials"]] == [
        "works" if True in answers else "ended" if False in answers else "not shown" for answers in seen
    ]
    text = "\n".join(lines(made))
    assert ("has ended" in text.splitlines()[0]) is made.ok
    assert CANARY not in text + json.dumps(told)


@pytest.mark.parametrize(("can", "asked"), [*product([True, False, None], [True, False])])
def test_what_lightly_still_can_is_not_well(can: bool | None, asked: bool) -> None:
    made = receipt(ended(False), lightly={Capability.LIST: can} if asked else None)
    assert made.ok is not (asked and can is True)
    assert as_json(made)["lightly"] == ({"list": can} if asked else None)


def test_nobody_says_that_lightly_refused_when_nobody_asked() -> None:
    assert not any("Lightly was asked" in line for line in lines(receipt(ended(False))))
