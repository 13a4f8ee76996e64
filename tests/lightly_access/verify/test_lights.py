"""What changed between two looks, for every pair of lights; and that no key that was not used turns a light green."""

from itertools import product

import pytest
from lightly_access.verify.lights import (
    OUTSIDE,
    Change,
    VerifiedDataset,
    VerifiedLight,
    VerifiedStack,
    compare,
)
from lightly_core.capability import Evidence, Light, Purpose

from tests.lightly_access.verify.found import AT, GREEN, RED

INPUT, ALL = Purpose.INPUT, frozenset(Purpose)
PROBE = (Evidence.PROBE,)


@pytest.mark.parametrize(
    ("was", "now", "change", "changed"),
    [
        (GREEN, GREEN, Change.WELL, False),
        (GREEN, RED, Change.WENT_RED, True),
        (RED, RED, Change.STILL_RED, False),
        (RED, GREEN, Change.MENDED, True),
        (None, GREEN, Change.WELL, False),
        (None, RED, Change.FIRST_RED, True),
        (Light(True, None), RED, Change.STILL_RED, False),
    ],
)
def test_a_change_has_a_word(was: Light | None, now: Light, change: Change, changed: bool) -> None:
    (light,) = compare({(INPUT, "read"): was} if was else {}, {(INPUT, "read"): now}, ALL)
    assert (light.change, light.changed, light.asked) == (change, changed, True)


def test_without_the_key_nothing_that_rested_on_it_turns_green_or_red_by_silence() -> None:
    values = (True, False, None)
    sources = (PROBE, (Evidence.LIGHTLY, Evidence.PROBE), (Evidence.PROOF,))
    for expected, old, new, source in product((True, False), values, values, sources):
        was, now = Light(expected, old, source), Light(expected, new, (Evidence.LIGHTLY,))
        (light,) = compare({(INPUT, "delete"): was}, {(INPUT, "delete"): now}, frozenset())
        if Evidence.PROBE not in source:
            assert light.now is now
        elif now.ok:
            assert light.now.ok is was.ok
        elif new is not None:
            assert light.now is now  # somebody else says that it is wrong: that counts
        else:
            assert (light.now, light.asked) == (was, False)


def test_what_a_key_reaches_outside_its_path_is_red_until_a_probe_says_otherwise() -> None:
    reached = {(INPUT, OUTSIDE): Light(False, True, PROBE, "the key can write there")}
    assert compare({}, reached, ALL)[0].change is Change.FIRST_RED
    assert compare(reached, {}, frozenset())[0].change is Change.NOT_ASKED_RED
    assert compare(reached, {}, ALL)[0].change is Change.MENDED
    assert compare({}, {}, ALL) == ()


@pytest.mark.parametrize(
    ("datasets", "code"),
    [
        ((), 0),
        ((VerifiedDataset("a", "1", AT),), 0),
        ((VerifiedDataset("a", "1", AT, error="gone"),), 2),
        (
            (
                VerifiedDataset("a", "1", AT, error="gone"),
                VerifiedDataset("b", "2", AT, (VerifiedLight(INPUT, "read", RED, RED),)),
            ),
            1,
        ),
    ],
    ids=["nothing", "well", "not asked", "red and not asked"],
)
def test_red_ends_with_1_and_a_dataset_that_was_not_asked_never_with_0(
    datasets: tuple[VerifiedDataset, ...], code: int
) -> None:
    found = VerifiedStack("farm", "prod", AT, datasets)
    assert (found.exit_code, found.ok) == (code, code == 0)
