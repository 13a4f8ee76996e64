"""The outputs of a stack: a line a dataset for people, and all that is known for other tools.

| output | of the stack | in `details`, of each dataset |
|---|---|---|
| `ok` | whether every light of every dataset is as expected | of this one |
| `verified_at` | when the dataset was verified that was verified longest ago, in UTC | when it was |
| `expires` | when the first credential ends by itself; none where none does | the same of its two |
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from lightly_core.capability import Capability

from lightly_access.deployed.exported import moment
from lightly_access.fleet.facts import SHARED
from lightly_access.joined import joined
from lightly_access.manifest import Manifest
from lightly_access.manifest.part import part

Details = Mapping[str, Mapping[str, Any]]
"""Dataset -> `id`, `ok`, `verified_at`, `expires`, `datasources`, `lights`, `credentials`; or `id` and `revoked`."""


MADE, YOURS, RELEASED = "made here", "yours: never touched", "let go of: stays as it is, and the next run forgets it"
TAKEN = "made by the first shard"
NOT_OURS = frozenset({YOURS, RELEASED, TAKEN})
"""A run has nothing of such a store to remove."""
"""Whose a store is."""


class Deployment(dict[str, dict[str, Any]]):
    """What was declared, by dataset; `released` says of the stores that are let go of when they are, `shared` is what
    the other shards must be told of stores."""

    released: Mapping[str, pulumi.Output[str]] = {}
    shared: Mapping[str, Mapping[str, pulumi.Input[Any]]] = {}


def export(manifest: Manifest, datasets: Details) -> None:
    """Export `datasets` and `stores`, a line each, `details`, and what `whole` says: Pulumi prints them all."""
    known = {name: joined(found) for name, found in datasets.items()}
    pulumi.export("datasets", {name: found.apply(line) for name, found in known.items()})
    released, mine = datasets.released if isinstance(datasets, Deployment) else {}, part(manifest)
    whose = {
        name: TAKEN if name in mine.taken and _made(store) else _whose(store) for name, store in mine.stores.items()
    }
    pulumi.export("stores", {**whose, **released})
    if isinstance(datasets, Deployment) and datasets.shared:
        pulumi.export(SHARED, datasets.shared)
    pulumi.export("details", datasets)
    said = joined(known).apply(whole)
    for name in ("ok", "verified_at", "expires"):
        pulumi.export(name, said[name])


def whole(datasets: Details) -> dict[str, Any]:
    """`ok`, `verified_at` and `expires` of the stack. One that is revoked has no light and no credential."""
    found = [dataset for dataset in datasets.values() if not dataset.get("revoked")]
    times = [dataset.get("verified_at") for dataset in found]
    return {
        "ok": all(dataset.get("ok") is True for dataset in found),
        "verified_at": min(filter(None, times), default=None) if all(times) else None,
        "expires": _first(dataset.get("expires") for dataset in found),
    }


def first_end(credentials: Mapping[str, Mapping[str, Any]]) -> str | None:
    """When the first of them ends by itself."""
    return _first(held.get("expires") for held in credentials.values())


def _first(ends: Iterable[str | None]) -> str | None:
    known = {end: at for end in ends if (at := moment(end))}
    return min(filter(None, known), key=lambda end: known[end], default=None)


def _whose(store: object) -> str:
    return MADE if _made(store) else YOURS


def _made(store: object) -> bool:
    return bool(getattr(store, "create", False))


def line(dataset: Mapping[str, Any]) -> str:
    """`ok, verified 2026-11-28T16:25:00Z: INPUT list, read; LIGHTLY list, read, write; deploy by 2026-12-27`."""
    if dataset.get("revoked"):
        return "revoked: Lightly has no access"
    head = "ok" if dataset.get("ok") else "RED"
    when = f", verified {at}" if (at := dataset.get("verified_at")) else ""
    lights = [f"{purpose} {said}" for purpose, said in dataset.get("lights", {}).items()]
    due = min(
        (held["rotates"] for held in dataset.get("credentials", {}).values() if held.get("rotates")), default=None
    )
    return f"{head}{when}: {'; '.join([*lights, *([f'deploy by {due}'] if due else [])])}"


def short(lights: Mapping[str, Any]) -> dict[str, str]:
    """Purpose -> what is possible, and what is not as expected: `list, read; not write, overwrite, delete`.

    What nobody could tell is absent on the wire, as every null.
    """
    said = {}
    for purpose, by_capability in lights.items():
        shown = {capability: by_capability[capability] for capability in Capability if capability in by_capability}
        unknown = [name for name, light in shown.items() if light.get("actual") is None]
        parts = [
            ", ".join(name for name, light in shown.items() if light.get("actual")),
            "not " + ", ".join(name for name, light in shown.items() if light.get("actual") is False),
            "not known: " + ", ".join(unknown),
            "RED: " + ", ".join(name for name, light in shown.items() if name not in unknown and not light["ok"]),
        ]
        said[purpose] = "; ".join(part for part in parts if not part.endswith((": ", "not ")) and part)
    return said
