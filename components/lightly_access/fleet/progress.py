"""How far each shard has come that a verb runs for now, and what is said of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lightly_core.counted import counted


@dataclass(slots=True)
class _Running:
    began: float
    done: int = 0
    of: int = 0
    noun: str = ""

    def words(self, now: float) -> str:
        of = f" of {self.of}" if self.of else ""
        return f"{self.done}{of} {self.noun}  {now - self.began:.0f} s" if self.noun else f"{now - self.began:.0f} s"


@dataclass(slots=True)
class Progress:
    """Of a verb; times are seconds of whatever clock the caller has.

    Attributes:
        total: how many shards it runs for.
    """

    total: int
    _running: dict[str, _Running] = field(default_factory=dict)
    _ended: int = 0

    def begins(self, stack: str, now: float) -> None:
        """This shard is begun with."""
        self._running[stack] = _Running(now)

    def comes(self, stack: str, done: int, of: int, noun: str) -> None:
        """It has done so many of what it has to do; 0 where nobody knows how much that is."""
        if running := self._running.get(stack):
            running.done, running.of, running.noun = done, of, noun

    def ends(self, stack: str) -> None:
        """It is over, or was never begun with."""
        self._running.pop(stack, None)
        self._ended += 1

    def lines(self, now: float) -> Iterator[str]:
        """One for each that runs, and how many wait."""
        for stack, running in self._running.items():
            yield f"{stack}  running  {running.words(now)}"
        if waiting := self.total - self._ended - len(self._running):
            yield f"{counted(waiting, 'shard waits', 'shards wait')}"
