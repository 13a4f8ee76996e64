"""Questions that several looks have in common, each asked once."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Once:
    """Keeps answers for as long as it lives: a round of questions, no longer. Safe to use from several threads: one
    asks, and the others wait for it."""

    def __init__(self) -> None:
        self._lock, self._asked = threading.Lock(), dict[Hashable, Future[Any]]()

    def __call__(self, question: Hashable, ask: Callable[[], T], keep: Callable[[T], bool] = lambda answer: True) -> T:
        """The answer. One that is not to be kept, and whatever `ask` raises, is that of those who wait for it, too;
        whoever comes later asks anew."""
        with self._lock:
            mine: Future[Any] = Future()
            future = self._asked.setdefault(question, mine)
        if future is not mine:
            return cast(T, future.result())
        try:
            answer = ask()
            kept = keep(answer)
        except BaseException as failure:
            self._forget(question)
            mine.set_exception(failure)
            raise
        if not kept:
            self._forget(question)
        mine.set_result(answer)
        return answer

    def _forget(self, question: Hashable) -> None:
        with self._lock:
            del self._asked[question]
