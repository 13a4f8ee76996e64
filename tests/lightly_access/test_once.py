"""A question of several looks is asked once; what came to nothing is asked again."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from lightly_access.once import Once


def test_an_answer_is_kept_for_its_question() -> None:
    once, asked = Once(), list[str]()

    def ask(word: str) -> str:
        asked.append(word)
        return word.upper()

    assert [once(word, lambda word=word: ask(word)) for word in "abab"] == ["A", "B", "A", "B"]  # type: ignore[misc]
    assert asked == ["a", "b"]


def test_who_asks_meanwhile_shares_the_failure_and_who_comes_later_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, waited_for = threading.Event(), threading.Event()

    class Watched(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            waited_for.set()
            return super().result(timeout)

    monkeypatch.setattr("lightly_access.once.Future", Watched)
    once = Once()

    def ask() -> str:
        begun.set()
        waited_for.wait()
        raise TimeoutError("no answer")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once, "q", ask)
        begun.wait()
        second = pool.submit(once, "q", lambda: "it asked itself")
        assert [type(each.exception()) for each in (first, second)] == [TimeoutError] * 2
    assert once("q", lambda: "an answer") == "an answer"


def test_who_cannot_say_whether_to_keep_an_answer_keeps_nobody_waiting() -> None:
    once = Once()
    with pytest.raises(TypeError):
        once("q", lambda: None, lambda answer: answer["status"] == 200)  # type: ignore[index]  # nor can it
    assert once("q", lambda: 404) == 404


def test_an_answer_that_is_not_to_be_kept_is_asked_for_again() -> None:
    once, answers = Once(), iter((503, 200, 404))
    assert [once("q", lambda: next(answers), lambda status: status < 500) for _ in range(3)] == [503, 200, 200]
