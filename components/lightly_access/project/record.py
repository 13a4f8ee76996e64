"""What `init` leaves in a project about itself, and what follows of it: what is new, of ours, or changed by you."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from enum import StrEnum
from hashlib import sha256

import yaml
from lightly_core.version import VERSION

from lightly_access.project.answers import Answers
from lightly_access.project.files import is_yours

FILE = ".lightly-access.yaml"
_HEAD = "# What `lightly-access init` was told and wrote; `--upgrade` goes by it.\n"


class Fate(StrEnum):
    """What becomes of a file."""

    SAME = "same"
    NEW = "new"
    OURS = "ours"
    """It stands as an earlier version wrote it, and is written anew."""
    YOURS = "yours"
    """Somebody has changed it: it stays."""


@dataclass(frozen=True, slots=True)
class Record:
    """The answers, and the digest of each file as it was written."""

    answers: Answers
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Record":
        """Raises ValueError for a text that is no record."""
        try:
            found = yaml.safe_load(text)
            return cls(Answers.of(found["answers"]), {str(name): str(mark) for name, mark in found["files"].items()})
        except (yaml.YAMLError, KeyError, TypeError, AttributeError):
            raise ValueError(f"{FILE}: got something else, expected what `lightly-access init` wrote there") from None

    def after(self, answers: Answers, files: Mapping[str, str], there: Mapping[str, str]) -> "Record":
        """The record of a run that would write `files`, when `there` is what then stands in the folder."""
        marks = {name: self.files.get(name) for name in there}
        marks |= {
            name: digest(text) if there.get(name) == text else self.files.get(name) for name, text in files.items()
        }
        return Record(answers, {name: mark for name, mark in marks.items() if mark})

    def without(self, names: Iterable[str]) -> "Record":
        """As if these files had never been written."""
        gone = set(names)
        return Record(self.answers, {name: mark for name, mark in self.files.items() if name not in gone})

    def text(self) -> str:
        table = {"version": VERSION, "answers": self.answers.as_table(), "files": dict(sorted(self.files.items()))}
        return _HEAD + yaml.safe_dump(table, sort_keys=False)

    def fate(self, name: str, now: str | None, new: str) -> Fate:
        """Of a file that has the text `now`, or is not there, and of which this version would write `new`."""
        if now == new:
            return Fate.SAME
        if now is None:
            return Fate.YOURS if name in self.files and is_yours(name) else Fate.NEW
        if is_yours(name) or digest(now) != self.files.get(name):
            return Fate.YOURS
        return Fate.OURS


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def difference(name: str, now: str, new: str) -> Iterator[str]:
    """The lines of a unified diff."""
    lines = unified_diff(now.splitlines(), new.splitlines(), f"{name} (now)", f"{name} ({VERSION})", lineterm="")
    yield from lines
