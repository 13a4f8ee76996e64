from typing import Any, cast

import pytest
from lightly_sandbox.context import Context, Record
from lightly_sandbox.deployer import Outcome
from lightly_sandbox.rehearse import Options, Rehearsal, UnknownPhaseError

from tests.lightly_sandbox.reporter import ROOT, Silent


def context() -> Context:
    nothing = cast(Any, None)
    return Context(nothing, nothing, Silent(), nothing, {}, {})


def test_a_phase_that_checked_nothing_is_not_a_success() -> None:
    assert not Record("up").ok
    assert not Rehearsal().ok
    assert not context().play("idle", "does nothing", lambda _: None).ok


def test_a_check_that_does_not_hold_fails_the_phase_and_keeps_its_words() -> None:
    record = context().play("p", "", lambda entry: entry.check(False, "the sky is green", ["it is blue"]))
    assert not record.ok
    assert record.failures == ["the sky is green\n      it is blue"]


def test_an_exception_is_a_failed_phase_and_an_interrupt_is_not_swallowed() -> None:
    def breaks(_: Context) -> None:
        raise LookupError("no such light")

    def interrupted(_: Context) -> None:
        raise KeyboardInterrupt

    assert context().play("p", "", breaks).failures == ["LookupError: no such light"]
    with pytest.raises(KeyboardInterrupt):
        context().play("p", "", interrupted)


def test_up_is_played_whatever_is_asked_for_because_the_others_build_on_it() -> None:
    assert [phase.name for phase in Options(ROOT, only=("revoked", "again")).phases()] == ["up", "again", "revoked"]
    assert len(Options(ROOT).phases()) == 6


def test_an_unknown_phase_is_refused_by_name() -> None:
    with pytest.raises(UnknownPhaseError, match="got 'downn', expected one or more of: up, again"):
        Options(ROOT, only=("downn",)).phases()


def test_an_outcome_is_unchanged_only_when_nothing_was_touched() -> None:
    assert Outcome(True, {"same": 40}).unchanged
    assert not any(Outcome(True, {op: 1}).unchanged for op in ("create", "update", "replace", "delete"))
    assert Outcome(False, diagnostics=("Bucket acme holds 3 objects",)).says("acme", "object")
    assert not Outcome(False, diagnostics=("acme", "objects")).says("acme", "objects")
