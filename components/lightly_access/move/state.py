"""Two exported states before a move -> both after it. Pure; no cloud and nothing at Lightly is touched by it.

`pulumi state move` cannot do it: what a store's component made for the dataset would lose its parent, and a run that
dies between its two writes cannot be gone on with. The states are as `pulumi stack export --show-secrets` writes them:
`pulumi stack import` encrypts with the key of the stack that it is told
(https://www.pulumi.com/docs/iac/operations/stack-management/migrating-between-backends/).
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose

from lightly_access.deployed.exported import STACK, exported, name, table, text
from lightly_access.deployed.stack import LIGHTLY_DATASET
from lightly_access.naming import access_name

_OURS, _PROVIDER = "lightly-access:", "pulumi:providers:"
_FREE = frozenset({"version", "pluginDownloadURL", "region", "defaultTags", "defaultLabels"})
"""Of a provider's inputs, what does not say whose account it is."""

Resource = dict[str, Any]


class MoveError(ValueError):
    """Why the dataset cannot be moved, and the way out."""


@dataclass(frozen=True, slots=True)
class Places:
    """Names of what the components of stores made for the dataset.

    Attributes:
        taken: what goes with it.
        forgotten: what the other stack would not make, and this one would delete: it stays in the cloud, in no state.
    """

    taken: frozenset[str] = frozenset()
    forgotten: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MovedStates:
    """Both documents, and the names of what went; `source` and `target` are None where nothing is left to do."""

    source: dict[str, Any] | None = field(repr=False)
    target: dict[str, Any] | None = field(repr=False)
    names: tuple[str, ...] = ()


def moved(source: Mapping[str, Any], target: Mapping[str, Any], into: str, dataset: str, places: Places) -> MovedStates:
    """`into` is the name of the target's stack. A state that a run before has written already stays as it is.

    Raises MoveError.
    """
    known = exported(dict(source))
    mine, theirs = _resources(source), _resources(target)
    move = _Move(known.project, known.stack, into, mine, theirs)
    going = [each for each in _going(mine, dataset, places) if not move.taken(each, places)]
    there = _datasets(theirs, dataset)
    if not going and not there:
        raise MoveError(f"{known.stack} has no dataset {dataset!r} deployed\nhint: `lightly-access status` lists them")
    _settled(known.stack, source, going)
    _settled(into, target, [])
    if not going:
        return MovedStates(None, None)
    if there:
        _same(going, theirs, move)
        after = None
    else:
        after = _with(target, [*theirs, *move.arriving(going)])
    left = _with(source, [each for each in mine if each not in going and name(each) not in places.forgotten])
    return MovedStates(left, after, tuple(name(each) for each in going if each.get("custom")))


def deployed_datasets(document: Mapping[str, Any]) -> list[str]:
    """The keys of the datasets that a state has."""
    return [name(each) for each in _resources(document) if each.get("type") == LIGHTLY_DATASET]


def _resources(document: Mapping[str, Any]) -> list[Resource]:
    deployment = document.get("deployment")
    listed = deployment.get("resources") if isinstance(deployment, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _with(document: Mapping[str, Any], resources: list[Resource]) -> dict[str, Any]:
    return {**document, "deployment": {**document["deployment"], "resources": resources}}


def _datasets(resources: list[Resource], dataset: str) -> list[Resource]:
    return [each for each in resources if each.get("type") == LIGHTLY_DATASET and name(each) == dataset]


def _going(resources: list[Resource], dataset: str, places: Places) -> Iterator[Resource]:
    """The dataset's component, its accesses, and all below them; of stores what was made for it."""
    components = {dataset, *(access_name(dataset, purpose) for purpose in Purpose)}
    urns: set[str] = set()
    for each in resources:
        root = not each.get("custom") and name(each) in components and text(each.get("type")).startswith(_OURS)
        ours = root and (each.get("type") == LIGHTLY_DATASET) is (name(each) == dataset)
        made = each.get("custom") and name(each) in places.taken
        if ours or made or each.get("parent") in urns:
            urns.add(text(each.get("urn")))
            yield each


def _settled(stack: str, document: Mapping[str, Any], going: list[Resource]) -> None:
    deployment = document.get("deployment")
    pending = deployment.get("pending_operations") if isinstance(deployment, dict) else None
    half = [name(each) for each in going if each.get("delete") or each.get("pendingReplacement")]
    ways = []
    if pending:  # a good run of `pulumi up` leaves those of a creation
        ways.append(f"`lightly-access recover --stack {stack} --yes` clears what was in flight")
    if half:
        ways.append(f"`pulumi up --stack {stack}` ends what is half replaced ({', '.join(half)})")
    if ways:
        raise MoveError(f"{stack}: the last run did not end\nhint: {', then '.join(ways)}; then move")


def _same(going: list[Resource], theirs: list[Resource], move: "_Move") -> None:
    """That the target has this very dataset, of a move that was cut off, and not one of its own under the key."""
    ids = {text(each.get("urn")): each.get("id") for each in theirs}
    other = [name(each) for each in going if each.get("custom") and ids.get(move.urn(each["urn"])) != each.get("id")]
    if other:
        raise MoveError(
            f"{move.into} has a dataset of this key itself: its {other[0]} is another one\n"
            "hint: rename one of the two with `aliases`, then move"
        )


class _Move:
    """Names, parents, providers and dependencies as the other stack has them."""

    def __init__(self, project: str, stack: str, into: str, mine: list[Resource], theirs: list[Resource]) -> None:
        self.project, self.stack, self.into = project, stack, into
        self._mine = {text(each.get("urn")): each for each in mine}
        self._theirs = {text(each.get("urn")): each for each in theirs}

    def urn(self, urn: str) -> str:
        """The same of the other stack."""
        old, new = f"urn:pulumi:{self.stack}::{self.project}::", f"urn:pulumi:{self.into}::{self.project}::"
        if urn == f"{old}{STACK}::{self.project}-{self.stack}":
            return f"{new}{STACK}::{self.project}-{self.into}"
        return new + urn.removeprefix(old) if urn.startswith(old) else urn

    def taken(self, resource: Resource, places: Places) -> bool:
        """Whether the target's store has one of its own already, so that this one stays."""
        theirs = self._theirs.get(self.urn(text(resource.get("urn"))))
        return name(resource) in places.taken and theirs is not None and theirs.get("id") != resource.get("id")

    def arriving(self, going: list[Resource]) -> Iterator[Resource]:
        """What the target gets: parents and providers that it does not have, and what was moved."""
        made: set[str] = set(self._theirs)
        for each in going:
            for needed in self._needed(each):
                if (urn := self.urn(text(needed["urn"]))) not in made:
                    made.add(urn)
                    yield self._renamed(needed, made)
            made.add(self.urn(text(each["urn"])))
            # Whatever is run before the next `up` of the program, nothing is deleted in the clouds; that `up` writes
            # what the program says.
            yield {**self._renamed(each, made), **({"retainOnDelete": True} if each.get("custom") else {})}

    def _needed(self, resource: Resource) -> list[Resource]:
        """Its provider and its parents, the outermost first, which are not moved themselves but copied."""
        found: list[Resource] = []
        parent = self._mine.get(text(resource.get("parent")))
        while parent is not None:
            if not parent.get("custom"):
                found.insert(0, {**parent, "outputs": {}} if parent.get("type") == STACK else parent)
            parent = self._mine.get(text(parent.get("parent")))
        provider = self._mine.get(text(resource.get("provider")).rpartition("::")[0])
        if provider is not None:
            self._fitting(provider)
            found.append(provider)
        return found

    def _fitting(self, provider: Resource) -> None:
        """That the target's provider of the same name leads to the same account."""
        theirs = self._theirs.get(self.urn(text(provider["urn"])))
        if theirs is None:
            return
        mine, other = (table(each.get("inputs")) for each in (provider, theirs))
        wrong = sorted(key for key in {*mine, *other} - _FREE if mine.get(key) != other.get(key))
        if wrong:
            raise MoveError(
                f"{self.stack} and {self.into} log in differently: {name(provider)} ({', '.join(wrong)})\n"
                "hint: give the store an `owner` that both stacks declare, or the stacks the same login"
            )

    def _renamed(self, resource: Resource, there: Collection[str]) -> Resource:
        new = copy.deepcopy(resource)
        for key in ("urn", "parent", "deletedWith"):
            if key in new:
                new[key] = self.urn(text(new[key]))
        if new.get("deletedWith") and new["deletedWith"] not in there:
            del new["deletedWith"]
        if new.get("provider"):
            new["provider"] = self._provider(text(new["provider"]))
        new["dependencies"] = self._dependencies(new.get("dependencies"), there)
        by_property = new.get("propertyDependencies")
        if isinstance(by_property, dict):
            new["propertyDependencies"] = {key: self._dependencies(urns, there) for key, urns in by_property.items()}
        return new

    def _provider(self, reference: str) -> str:
        """`<urn>::<id>`: the target's own where it has one of the name."""
        urn, _, id = reference.rpartition("::")
        theirs = self._theirs.get(self.urn(urn))
        return f"{self.urn(urn)}::{theirs['id'] if theirs else id}"

    def _dependencies(self, urns: Any, there: Collection[str]) -> list[str]:
        """Those that are there: of what stays behind nothing is known here."""
        return [new for new in map(self.urn, urns or ()) if new in there]
