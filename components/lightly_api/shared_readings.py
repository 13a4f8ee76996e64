"""One answer of Lightly about all datasources of a dataset, for each purpose once: a refresh reads both at one time.

Only for what takes note of what is there. Whoever is about to overwrite it, or to call it good, asks for himself.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose

SECONDS = 5.0
"""Ours: how old an answer may be, from when it was asked for. In a refresh of 50 datasets the second purpose came
within half a second of the first."""

Found = Mapping[Purpose, Mapping[str, Any]]


@dataclass(slots=True)
class _Reading:
    """Asked for at a time of the clock; each purpose takes it once, so that nobody who asks again gets it again."""

    asked: float
    answer: Future[Found] = field(default_factory=Future)
    taken: set[Purpose] = field(default_factory=set)


class SharedReadings:
    """By dataset. Safe to use from several threads: one asks, and the other waits for it."""

    def __init__(self, ask: Callable[[str], Found], clock: Callable[[], float]) -> None:
        self._ask, self._clock = ask, clock
        self._lock, self._readings = threading.Lock(), dict[str, _Reading]()

    def take(self, dataset_id: str, purpose: Purpose) -> Mapping[str, Any] | None:
        """What there is for this purpose. Raises what `ask` raises, as does the other one who waits for it."""
        reading, mine = self._reading(dataset_id, purpose)
        if mine:
            try:
                reading.answer.set_result(self._ask(dataset_id))
            except BaseException as failure:
                self.forget(dataset_id)
                reading.answer.set_exception(failure)
                raise
        return reading.answer.result().get(purpose)

    def forget(self, dataset_id: str) -> None:
        """It was written to: whoever comes now asks anew."""
        with self._lock:
            self._readings.pop(dataset_id, None)

    def _reading(self, dataset_id: str, purpose: Purpose) -> tuple[_Reading, bool]:
        """That of the other purpose, or a new one, which is to be asked for."""
        with self._lock:
            known, now = self._readings.get(dataset_id), self._clock()
            mine = known is None or purpose in known.taken or now - known.asked > SECONDS
            reading = _Reading(now) if known is None or mine else known
            reading.taken.add(purpose)
            self._readings[dataset_id] = reading
            return reading, mine
