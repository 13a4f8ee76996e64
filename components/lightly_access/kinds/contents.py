"""What a bucket holds, counted by versions, and which of it we left there ourselves: the same for S3 and Cloud Storage.

A deleted object of a bucket that keeps versions stays as an old one, and no bucket that has any is deleted. Lightly's
credentials do not remove old versions, so whoever deploys does: ours, and nobody else's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lightly_core.counted import counted

OURS = re.compile(r"(?:^|/)\.lightly/(?:probe|verify)-[0-9a-f]{16}$")
"""The probe objects of the provider, and those of the rehearsal's local Lightly. Nobody else's have such a name."""
PAGES = 50
"""Pages of 1000 versions that are looked at: a bucket with more is not empty, and need not be counted to the end."""


class BucketUnreadableError(Exception):
    """The cloud did not say what is asked; its code, or why it could not be asked."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object.

    Attributes:
        key: the object's.
        id: the version's, or the generation.
        live: nothing has deleted or replaced it.
        marker: it says that the object is deleted (S3).
        size: in bytes.
    """

    key: str
    id: str
    live: bool = False
    marker: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """Of what is not ours: objects, their old versions, and markers of deleted ones; `more` when not all counted."""

    objects: int = 0
    versions: int = 0
    markers: int = 0
    more: bool = False

    @property
    def empty(self) -> bool:
        return not (self.objects or self.versions or self.markers or self.more)

    def sentence(self, bucket: str) -> str:
        """What keeps the bucket."""
        least = "at least " if self.more else ""
        old = counted(self.versions, "old version")
        if self.markers:
            old += f" and {counted(self.markers, 'delete marker')}"
        if self.objects:
            return f"bucket {bucket} is kept, because it holds objects: {least}{self.objects}, with {old}"
        return f"bucket {bucket} is kept: it looks empty, and still has {least}{old} of deleted objects"


def ours(found: Iterable[Version], placeholder: int) -> list[Version]:
    """What we left: probe objects, and deleted placeholders of directories, which have `placeholder` bytes.

    A deleted placeholder is known by its key, which ends in `/`, and by that no version of it holds more than ours
    does: there is nothing in it, whoever made it. One that is not deleted is somebody's.
    """
    by_key: defaultdict[str, list[Version]] = defaultdict(list)
    for each in found:
        by_key[each.key].append(each)
    return [
        each
        for key, versions in by_key.items()
        if OURS.search(key) or (key.endswith("/") and all(_nothing(each, placeholder) for each in versions))
        for each in versions
    ]


def contents(found: Iterable[Version], placeholder: int, *, more: bool) -> Contents:
    """What there is besides; `more` when not all was looked at."""
    found = list(found)
    mine = set(ours(found, placeholder))
    theirs = [each for each in found if each not in mine]
    live = sum(each.live and not each.marker for each in theirs)
    markers = sum(each.marker for each in theirs)
    return Contents(live, len(theirs) - live - markers, markers, more)


def data(found: Iterable[Version], placeholder: int, *, more: bool) -> Contents:
    """What would be lost with the bucket: not the placeholders of directories, which hold nothing."""
    held = [each for each in found if not (each.live and each.key.endswith("/") and each.size == placeholder)]
    return contents(held, placeholder, more=more)


def _nothing(version: Version, placeholder: int) -> bool:
    return version.marker or (not version.live and version.size == placeholder)
