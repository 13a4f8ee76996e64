"""A request that a purpose must or must not permit, and the places just outside of what was granted.

What a proof asks, and `lightly-access analyze` shows. A case inside the path stands for a capability of a light; all
others stand just outside: a sibling whose name starts alike, the parent, another bucket, another key, another action.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lightly_core.capability import Capability, Purpose, expected

CAPABILITIES: tuple[str, ...] = tuple(Capability)
EXPECTED: Mapping[str, frozenset[str]] = {
    purpose: frozenset(capability for capability, granted in expected(purpose).items() if granted)
    for purpose in Purpose
}
"""Purpose -> the capabilities that it has."""


class Place(StrEnum):
    """Where a case tries its capability, as seen from the path: the columns of `lightly-access analyze`."""

    INSIDE = "inside"
    BESIDE = "beside"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Case:
    """One request and whether it must be allowed.

    Attributes:
        name: what is tried, in words: `read a file of a sibling directory`.
        capability: the light it belongs to; None for what no light stands for.
        request: what is asked of the evaluator: the Request of `evaluator.request`, `evaluator.sas` or `evaluator.gcs`.
        expected: whether it must be allowed.
        inside: whether it lies within the path and so decides its light.
        place: the path itself, the rest of its store, or another store; None where no capability is tried at a place.
        network: whether it is tried from the network that a grant is hardened to; None where that is not asked.
    """

    name: str
    capability: str | None
    request: Any
    expected: bool
    inside: bool = False
    place: Place | None = None
    network: bool | None = None


def beside(path: str) -> Iterator[tuple[str, str]]:
    """Places just outside the path; the whole bucket has none."""
    stem = path[:-1]
    parent, slash, _ = stem.rpartition("/")
    places = {
        "of a sibling whose name starts alike": f"{stem}-other/",
        "of a sibling whose name is shorter": f"{stem[:-1]}/",
        "of the parent": f"{parent}{slash}",
        "of the same name elsewhere": f"elsewhere/{path}",
        "of the same name in other case": path.swapcase(),
        "of a name that only wildcards make alike": path.replace("*", "x").replace("?", "x"),
    }
    return ((where, place) for where, place in places.items() if not place.startswith(path))


def other_buckets(bucket: str) -> tuple[str, ...]:
    """Names that a careless pattern would take for the bucket's."""
    alike = {f"{bucket}-other", f"other-{bucket}", bucket.replace(".", "x")}
    return tuple(sorted(alike - {bucket}))
