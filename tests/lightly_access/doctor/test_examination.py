"""What answers make together: silence said once, the clock read off the answers, questions that hang or break."""

import threading
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.doctor import clock, document, machine, terminal
from lightly_access.doctor.examination import examination
from lightly_access.doctor.finding import (
    Answer,
    ClockReading,
    Examination,
    Finding,
    NotReachedError,
    Silence,
    State,
)
from lightly_access.doctor.question import Question, ask_all

LOCAL = Answer((Finding("python", State.OK, "3.11"),))
LOGIN = Answer((Finding("aws login", State.OK, "somebody"),), reached=True)
NAMES = st.sampled_from(["token", "aws login", "gcp login", "azure login", "deployment"])
SILENT = st.builds(Silence, NAMES, st.sampled_from(["api.lightly.ai", "sts.amazonaws.com"]), st.just("no connection"))


@given(st.lists(SILENT, min_size=1, max_size=6))
def test_without_a_network_it_is_said_once_with_all_that_was_not_asked(silent: list[Silence]) -> None:
    found = examination([LOCAL, *silent])
    assert [each.name for each in found.findings] == ["python", "network"]
    assert all(each.name in found.findings[1].said and each.where in found.findings[1].said for each in silent)
    assert not found.ok


@given(st.lists(SILENT, min_size=1, max_size=6))
def test_where_one_answers_each_silent_one_is_a_line(silent: list[Silence]) -> None:
    found = examination([*silent, LOGIN])
    assert [each.name for each in found.findings] == [*(each.name for each in silent), "aws login"]
    assert all(each.fix for each in found.findings if each.state is not State.OK)
    assert not found.ok


@given(st.lists(SILENT, min_size=1, max_size=6), st.booleans())
def test_a_proxy_that_is_set_is_suspected_first_of_a_silence(silent: list[Silence], alone: bool) -> None:
    proxies = {"https": "http://user:secret@proxy.acme:3128"}
    asked = Answer((machine.proxy(proxies, ""),))
    answers: list[Answer | Silence] = [asked, *silent, *([] if alone else [LOGIN])]
    fixes = [each.fix for each in examination(answers).findings if each.state is not State.OK]
    assert fixes
    assert all(fix and "does the proxy answer (proxy.acme:3128 for https)" in fix for fix in fixes)
    none = examination([Answer((machine.proxy({}, ""),)), *silent])
    assert "does it need a proxy" in str(none.findings[-1].fix)


def test_a_server_is_named_once() -> None:
    (found, _) = examination([Silence("token", "a:1", "no connection to a:1"), LOGIN]).findings
    assert found.said == "a:1: no connection"


@given(st.lists(st.builds(Finding, NAMES, st.sampled_from(State), st.text(), st.one_of(st.none(), st.text()))))
def test_a_warning_alone_is_well_and_every_finding_has_a_line_and_an_entry(findings: list[Finding]) -> None:
    found = Examination(tuple(findings))
    states = {each.state for each in findings}
    assert found.ok == (not states & {State.BAD, State.UNKNOWN})
    assert document.as_json(found)["ok"] is found.ok
    assert [each["name"] for each in document.as_json(found)["findings"]] == [each.name for each in findings]
    shown = [text for text, _ in terminal.lines(found)]
    assert len(shown) == 1 + len(findings) + sum(bool(each.fix) for each in findings)
    assert all(text.isprintable() for text in shown)


NOW = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()


@given(st.integers(-400_000, 400_000), st.floats(0, 20))
def test_a_clock_is_off_by_what_the_server_says_and_never_for_a_slow_answer(ahead: int, took: float) -> None:
    said = format_datetime(datetime.fromtimestamp(NOW + ahead, UTC), usegmt=True)
    reading = clock.reading("s", said, NOW - took, NOW)
    assert reading is not None
    assert abs(reading.ahead) <= abs(ahead) + 2
    found = clock.finding([reading])
    assert found is not None
    if -took <= ahead <= 0:
        assert found.state is State.OK
    if not -320 - took <= ahead <= 320:
        assert found.state is State.BAD
        assert ("behind" in found.said) == (ahead > 0)
        assert found.fix


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sat, 99 Nov 2026 12:00:00 GMT", "\x00"])
def test_a_date_that_is_none_is_no_reading(date: str | None) -> None:
    assert clock.reading("s", date, NOW, NOW) is None
    assert clock.finding([]) is None


def test_one_server_with_a_wrong_clock_does_not_make_ours_wrong() -> None:
    found = clock.finding([ClockReading("a", 0), ClockReading("b", 4000), ClockReading("c", 1)])
    assert found == Finding("clock", State.OK, "agrees with a, c")
    half_an_hour = clock.finding([ClockReading("a", -1800)])
    assert half_an_hour is not None
    assert half_an_hour.said == "30 min ahead of a"


def test_what_hangs_ends_and_what_breaks_tells_nothing_and_hides_nothing() -> None:
    never = threading.Event()

    def hang() -> Answer:
        never.wait(60)
        return LOCAL

    def broken() -> Answer:
        raise RuntimeError("canary-4711")

    def unreached() -> Answer:
        raise NotReachedError("host", "no connection")

    questions = [
        Question("slow", hang),
        Question("far", hang, "host"),
        Question("broken", broken),
        Question("python", lambda: LOCAL),
        Question("token", unreached, "host"),
    ]
    slow, far, failed, well, silent = ask_all(questions, 0.3)
    never.set()
    assert isinstance(slow, Answer)
    assert slow.findings[0].state is State.UNKNOWN
    assert far == Silence("far", "host", "no answer within 0.3 s")
    assert isinstance(failed, Answer)
    assert failed.findings[0].said == "could not be asked: RuntimeError"
    assert well == LOCAL
    assert silent == Silence("token", "host", "no connection")
