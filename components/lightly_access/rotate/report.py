"""What is told after a leak: what was switched off, what it could reach, and where the logs say whether it was used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.capability import Purpose

from lightly_access.kinds import registry
from lightly_access.kinds.ending import Issued
from lightly_access.manifest import Manifest
from lightly_access.rotate.switched import Switched


@dataclass(frozen=True, slots=True)
class Told:
    """One datasource after a leak.

    Attributes:
        out: what was switched off.
        reach: what whoever had it could do.
        new: what is in use now; None before a run has made it.
    """

    purpose: Purpose
    path: str
    out: tuple[Switched, ...]
    reach: tuple[str, ...]
    new: Issued | None = None


def reach(manifest: Manifest, dataset: str, purpose: Purpose) -> tuple[str, ...]:
    """What the access analysis says of a credential that is out, in sentences."""
    source = manifest.datasets[dataset].sources[purpose]
    store = manifest.stores[source.store]
    found = registry.kind_of(store.kind).analysis(dataset, purpose, source, store)
    return (f"in {found.path}: {found.words.leak}", *found.words.notes, *found.unexpected)


def lines(dataset: str, told: Told) -> Iterator[str]:
    """For people."""
    for each in told.out:
        yield f"{dataset} {told.purpose}: {each.failed or each.said}"
        for answer in each.seen:
            yield f"  {_SEEN[answer.works]}: {answer.said}"
    for sentence in told.reach:
        yield f"  it reached: {sentence}"
    for each in told.out:
        since = each.issued.created or "its making"
        yield f"  was {each.issued} used since {since}? Ask the logs:"
        for query in registry.kind_of(each.issued.kind).ending().queries(each.issued):
            yield f"    {query.where}:"
            yield f"      {query.text}"
    if told.new:
        yield f"  in use now: {told.new}"


_SEEN = {True: "it still works", False: "refused", None: "not known"}


def as_json(told: Told) -> Mapping[str, Any]:
    """For machines: `purpose`, `path`, `reach`, `new` and `out`, each with `said`, `seen` and `queries`."""
    return {
        "purpose": told.purpose,
        "path": told.path,
        "reach": list(told.reach),
        "new": told.new.identity if told.new else None,
        "out": [
            {
                "credential": each.issued.word,
                "id": each.issued.identity,
                "created": each.issued.created,
                "off": each.failed is None,
                "said": each.failed or each.said,
                "refused": each.refused,
                "seen": [{"works": answer.works, "how": answer.how, "said": answer.said} for answer in each.seen],
                "queries": [
                    {"where": query.where, "text": query.text}
                    for query in registry.kind_of(each.issued.kind).ending().queries(each.issued)
                ],
            }
            for each in told.out
        ],
    }
