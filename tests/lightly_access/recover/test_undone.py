"""Why nothing was done: every reason that there is, and a command or a hint to follow."""

import itertools

import pytest
from lightly_access.recover.decision import Decision, Deed
from lightly_access.recover.operation import Operation
from lightly_access.recover.undone import undone

LOCK = "a run of ci@there holds the stack\nhint: wait"
SETS = [deeds for size in (1, 2, 3) for deeds in itertools.combinations(Deed, size)]


@pytest.mark.parametrize("lock", [LOCK, None], ids=["locked", "free"])
@pytest.mark.parametrize("deeds", SETS, ids=lambda deeds: "+".join(each.name for each in deeds))
def test_each_reason_is_said_with_the_way_out(deeds: tuple[Deed, ...], lock: str | None) -> None:
    found = [Decision(Operation("", {}), deed, "") for deed in deeds]
    for refused in (True, False):
        said = undone(found, again="`AGAIN`", lock=lock, exported=False, refused=refused)
        hints = [line for line in said.splitlines() if line.startswith("hint: ")]
        assert said.splitlines()[-1] == hints[-1]
        assert ("holds the stack: nothing was done" in said) is bool(lock)
        assert ("on hold" in said) is (Deed.HOLD in deeds)
        assert ("see to each `leave`" in said) is (not lock and deeds == (Deed.LEAVE,))
        plain = not lock and Deed.HOLD not in deeds and deeds != (Deed.LEAVE,)
        assert ("you said no" in said, "nobody could be asked" in said) == (plain and refused, plain and not refused)
        assert ("`AGAIN` does it" in said) is plain
