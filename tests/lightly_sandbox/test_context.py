from typing import Any, cast

import pytest
from lightly_sandbox.context import Record, Stage
from lightly_sandbox.deployer import Outcome, outcome
from lightly_sandbox.rehearse import Rehearsal, UnknownPhaseError, Wish

from tests.lightly_sandbox.audience import ROOT, Silent


def stage() -> Stage:
    nothing = cast(Any, None)
    return Stage(nothing, nothing, Silent(), {})


def test_a_phase_that_checked_nothing_is_not_a_success() -> None:
    assert not Record("up").ok
    assert not Rehearsal().ok
    assert not stage().play("idle", "does nothing", lambda _: None).ok


def test_a_check_that_does_not_hold_fails_the_phase_and_keeps_its_words() -> None:
    record = stage().play("p", "", lambda it: it.check(False, "the sky is green", ["it is blue"]))
    assert not record.ok
    assert record.failures == ["the sky is green\n      it is blue"]


def test_an_exception_is_a_failed_phase_and_an_interrupt_is_not_swallowed() -> None:
    def breaks(_: Stage) -> None:
        raise LookupError("no such light")

    def interrupted(_: Stage) -> None:
        raise KeyboardInterrupt

    assert stage().play("p", "", breaks).failures == ["LookupError: no such light"]
    with pytest.raises(KeyboardInterrupt):
        stage().play("p", "", interrupted)


def test_up_is_played_whatever_is_asked_for_because_the_others_build_on_it() -> None:
    assert [phase.name for phase in Wish(ROOT, only=("revoked", "again")).phases()] == ["up", "again", "revoked"]
    assert len(Wish(ROOT).phases()) == 6


def test_an_unknown_phase_is_refused_by_name() -> None:
    with pytest.raises(UnknownPhaseError, match="got 'downn', expected one or more of: up, again"):
        Wish(ROOT, only=("downn",)).phases()


def test_an_outcome_is_unchanged_only_when_nothing_was_touched() -> None:
    assert outcome(True, {"same": 40}, ()).unchanged
    assert not any(outcome(True, {op: 1}, ()).unchanged for op in ("create", "update", "replace", "delete"))
    assert Outcome(False, diagnostics=("Bucket acme holds 3 objects",)).says("acme", "object")
    assert not Outcome(False, diagnostics=("acme", "objects")).says("acme", "objects")
