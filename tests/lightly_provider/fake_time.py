"""A clock that goes only when somebody sleeps."""

from dataclasses import dataclass, field

from lightly_api.retry import RetryPolicy


@dataclass
class FakeTime:
    """`slept` holds every pause; `chance` is what random gives."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    chance: float = 0.5

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def retry_policy(self) -> RetryPolicy:
        """A retry policy that lives in this time; the wall clock starts at 1 000 000 000 (2001-09-09T01:46:40Z)."""
        return RetryPolicy(
            clock=self.clock, sleep=self.sleep, chance=lambda: self.chance, now=lambda: 1_000_000_000 + self.seconds
        )
