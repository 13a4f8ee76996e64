"""How often and how long Lightly is asked again: the only retry layer.

Full jitter, as https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ has it: a random part
of a pause that doubles. A `Retry-After` of the server is obeyed (RFC 9110, seconds or a date) unless it asks for more
time than there is.

No library: tenacity would be given our waits, our end, our clock and our sleep, and only the loop would be left; a
cancelled run cannot interrupt the sleep of stamina; the Retry of urllib3 knows no deadline. None of them tells an
attempt how long it may take.
"""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar

from lightly_api.errors import UnansweredError
from lightly_api.transport import READ_SECONDS

T = TypeVar("T")
_SECONDS = re.compile("[0-9]{1,9}")
"""Of a Retry-After; longer is as good as never."""


class TransientError(Exception):
    """A failure that may be gone at the next try; `wait` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `tries` tries within `seconds`; the clock, the pause and chance may be replaced by a test's.

    `sleep` may raise (the provider's does when the run is cancelled), and so ends the waiting.
    """

    tries: int = 5
    seconds: float = 60.0
    first_pause: float = 0.5
    longest_pause: float = 8.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], float] = time.time

    def keep_trying(self, what: str, attempt: Callable[[float], T]) -> T:
        """The first result of `attempt`, which is given the seconds it may take and raises TransientError to be asked
        again.

        Raises UnansweredError when the tries or the time are used up.
        """
        start = self.clock()
        for number in range(1, self.tries + 1):
            left = self.seconds - (self.clock() - start)
            try:
                return attempt(max(0.1, min(READ_SECONDS, left)))
            except TransientError as failure:
                pause = self._pause(number, failure.wait)
                spent = self.clock() - start
                if number == self.tries or spent + pause >= self.seconds:
                    raise UnansweredError(what, failure.reason, number, spent, _way_out(failure)) from None
            self.sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def _pause(self, number: int, wait: float | None) -> float:
        if wait is not None:
            return wait + self.chance()
        return self.chance() * min(self.longest_pause, self.first_pause * 2.0 ** (number - 1))

    def retry_after(self, header: str | None) -> float | None:
        """Seconds until the time that a Retry-After header names; None when there is none or it cannot be read."""
        if not header:
            return None
        if _SECONDS.fullmatch(header.strip()):
            return float(header)
        try:
            return max(0.0, parsedate_to_datetime(header).timestamp() - self.now())
        except (ValueError, TypeError, OverflowError, IndexError, OSError):  # whatever a parser of dates stumbles over
            return None


def _way_out(failure: TransientError) -> str | None:
    if failure.wait is None:
        return None
    return f"Lightly asks to wait {failure.wait:.0f} s; run it again then, or with less at once (`--parallel 4`)"
