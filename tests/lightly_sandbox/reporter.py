"""A reporter that only remembers."""

from dataclasses import dataclass, field
from pathlib import Path

from lightly_sandbox.context import Record
from lightly_sandbox.deployer import State

ROOT = Path(__file__).parents[2]


@dataclass
class Silent:
    """Remembers what it was told."""

    told: list[str] = field(default_factory=list)

    def begins(self, what: str) -> None:
        """What is played."""
        self.told.append(what)

    def phase(self, name: str, purpose: str) -> None:
        """A phase begins."""
        self.told.append(f"== {name}")

    def step(self, text: str) -> None:
        """A step."""
        self.told.append(text)

    def checked(self, ok: bool, text: str) -> None:
        """A check."""
        self.told.append(f"{'ok' if ok else 'FAILED'} {text}")

    def lights(self, state: State) -> None:
        """Lights."""

    def done(self, record: Record) -> None:
        """A phase ended."""
