"""What is wrong with a manifest, and where: one Problem a fault, all of them in one exception."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from textwrap import indent

from lightly_core.fault import Fault, shown
from lightly_core.hint import with_hint

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")

Where = tuple[str, ...]
"""The keys that lead to a value: `("datasets", "cows", "input", "path")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that is not as it must be. As a warning: one that is accepted and should be looked at.

    `got` is text for a message, never the raw value.
    """

    path: Where
    got: str
    expected: str
    hint: str | None = None
    place: Place | None = None

    @classmethod
    def of(cls, path: Iterable[str], got: object, fault: Fault) -> "Problem":
        """The fault of the value `got` at `path`."""
        return cls(tuple(path), shown(got), fault.expected, fault.hint)

    def at(self, place: Place | None) -> "Problem":
        """The same problem with its line, unless it has one already."""
        return self if self.place or not place else replace(self, place=place)

    @property
    def where(self) -> str:
        """`datasets.farm-animals.input.path`; a name that would be misread is quoted."""
        return ".".join(key if _PLAIN.fullmatch(key) else ascii(key) for key in self.path) or "manifest"

    def __str__(self) -> str:
        return with_hint(self.what, self.hint)

    @property
    def what(self) -> str:
        """Itself without the hint."""
        return f"{self.where}: got {self.got}, expected {self.expected}"

    def as_json(self) -> dict[str, str | int | None]:
        """The machine form: where, got, expected, hint, and file and line, which are None when nobody knows."""
        place = {
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
        }
        return {"where": self.where, "got": self.got, "expected": self.expected, "hint": self.hint, **place}


class ManifestError(ValueError):
    """A manifest that cannot be deployed: every problem that it has, and the warnings besides."""

    def __init__(self, problems: tuple[Problem, ...], warnings: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        self.warnings = warnings
        lines = (indent(with_hint(problem.what + _in_file(problem), problem.hint), "  ") for problem in problems)
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join((f"the manifest has {count}:", *lines)))


def _in_file(problem: Problem) -> str:
    return f" ({problem.place})" if problem.place else ""
