"""Versions of Pulumi as numbers, without a library: Pulumi is built while the libraries are installed."""

import re
from typing import Final, NamedTuple


class Version(NamedTuple):
    """Major, minor and patch."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


OLDEST: Final = Version(3, 260, 0)
"""The oldest Pulumi that this project was tried with: a newer one on PATH is used, and nothing is built."""


def first(text: str) -> Version | None:
    """The first version that a text names; a part that it does not name is 0."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return Version(*(int(part or 0) for part in found.groups())) if found else None
