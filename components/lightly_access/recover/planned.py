"""What the next run would make: a preview as `pulumi preview --json` writes it. Pure.

Where no note is left that a run was making something, as after the death of a provider or `pulumi refresh --yes`, that
is where it may still be found: what would be made, under the name that it would have, may be there already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_access.recover.operation import Known, Operation

PLANNED = "planned"
_KEPT = ("urn", "custom", "type", "parent", "provider")
_MAKING = ("create", "replace", "create-replacement")
_SECRET = "[secret]"  # noqa: S105 - what Pulumi shows in the place of one
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next run would make: what may be there already, and every URN of which it would make something."""

    operations: tuple[Operation, ...] = ()
    wanted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, preview: Mapping[str, Any], known: Known) -> "Plan":
        """Of a preview; nothing of what is no preview."""
        steps = preview.get("steps")
        made = [each for each in (steps if isinstance(steps, list) else ()) if isinstance(each, dict)]
        wanted = frozenset(str(each.get("urn")) for each in made if each.get("op") in _MAKING)
        return cls(tuple(planned(preview, known)), wanted)


def planned(preview: Mapping[str, Any], known: Known) -> Iterator[Operation]:
    """Each creation of something whose provider and parent are there already."""
    steps = preview.get("steps")
    for step in steps if isinstance(steps, list) else ():
        entry = step.get("newState") if isinstance(step, dict) and step.get("op") == "create" else None
        if not isinstance(entry, dict) or entry.get("custom") is not True or _UNKNOWN in str(entry.get("provider")):
            continue
        if not known.live(str(entry.get("parent"))) or known.live(str(entry.get("urn"))):
            continue
        inputs = {name: value for name, value in (entry.get("inputs") or {}).items() if _is_known(value)}
        yield Operation(PLANNED, {**{name: entry[name] for name in _KEPT if name in entry}, "inputs": inputs})


def _is_known(value: object) -> bool:
    return value not in (_SECRET, _UNKNOWN)
