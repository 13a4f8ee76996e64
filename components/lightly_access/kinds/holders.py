"""What of a store holds its data, and what of that cannot be changed in place: a change makes the engine replace it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightly_core.counted import counted
from lightly_core.hint import with_hint

from lightly_access.kinds.contents import BucketUnreadableError, Contents


@dataclass(frozen=True, slots=True)
class Holder:
    """A resource of a store that we made.

    Attributes:
        type: its Pulumi type.
        suffix: of its name, which begins with the store's: `results-bucket`; none of the store's own.
        fixed: word of the manifest -> the same in its outputs.
    """

    type: str
    suffix: str
    fixed: Mapping[str, Callable[[Mapping[str, Any]], Any]]


def output(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """An output as it is."""
    return lambda outputs: outputs.get(name)


@dataclass(frozen=True, slots=True)
class Moved:
    """A word of the manifest that is another one than what is deployed."""

    word: str
    new: str
    deployed: str

    def __str__(self) -> str:
        return f"{self.word}: got {self.new or 'nothing'}, deployed is {self.deployed}"


def moved(holders: Iterable[Holder], deployed: Mapping[str, Mapping[str, Any]], new: Mapping[str, Any]) -> list[Moved]:
    """What is said otherwise now, each word once; `deployed` are outputs by type, `new` is the store's table."""
    found: dict[str, Moved] = {}
    for holder in holders:
        outputs = deployed.get(holder.type, {})
        for word, read in holder.fixed.items():
            old = read(outputs)
            if old is not None and word in new and _plain(old) != _plain(new[word]):
                found.setdefault(word, Moved(word, _said(new[word]), _said(old)))
    return list(found.values())


def of_store(
    holders: Iterable[Holder], resources: Mapping[str, Mapping[str, Any]], names: Iterable[str]
) -> dict[str, Mapping[str, Any]]:
    """The outputs, by type, of the holders of the store with one of these names; `resources` by URN."""
    return dict(_of_store(list(holders), resources, list(names)))


def _of_store(
    holders: list[Holder], resources: Mapping[str, Mapping[str, Any]], names: list[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    wanted = {(holder.type, f"{name}-{holder.suffix}".removesuffix("-")) for holder in holders for name in names}
    for urn, each in resources.items():
        kind = str(each.get("type"))
        if (kind, urn.rpartition("::")[2]) in wanted:
            yield kind, each["outputs"]


def said(changes: Iterable[Moved]) -> str:
    """What is another one."""
    return "; ".join(map(str, changes)) or "its name, its place or its owner is another one"


def in_its_place(
    whose: str, what: str, changes: list[Moved], found: Contents | BucketUnreadableError, before: str = ""
) -> str:
    """The sentence about a store that would be given up for another one, with the ways out. `before` is what the store
    said, where nobody knows which of it is another one."""
    if isinstance(found, Contents):
        least = "at least " if found.more else ""
        holds = f"{least}{counted(found.objects, 'object')}, {counted(found.versions, 'old version')}"
    else:
        holds = f"nobody could tell what: {found}"
    back = ", ".join(f"`{each.word}: {each.deployed}`" for each in changes) or before or "what the store said"
    return with_hint(
        f"{whose}: another {what} would take the place of the one that is deployed ({said(changes)}), and that one "
        f"holds data: {holds}",
        f"write {back} as before, and declare the other one as a store of its own beside it, to which datasets go over "
        "when their data are there; what shall not be managed here any more is `create: false` under its own key",
    )


def _plain(value: Any) -> str:
    """Clouds write a place in any case, Azure's also with spaces; false is nothing."""
    return str(value or "").lower().replace(" ", "")


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")
