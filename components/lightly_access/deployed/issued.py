"""Every credential of a dataset that a state knows, of a document that `pulumi stack export` wrote. Pure.

With `--show-secrets` a credential has its secret, else it is known by its name alone.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.resource_types import DATASET, DATASOURCE, VERIFICATION
from lightly_core.secret import Secret

from lightly_access.deployed.exported import exported, name, table
from lightly_access.kinds import registry
from lightly_access.kinds.ending import Issued
from lightly_access.naming import access_name

_DATASET = "lightly-access:index:LightlyDataset"


@dataclass(frozen=True, slots=True)
class DatasetResources:
    """What the state has of one dataset.

    Attributes:
        id: Lightly's; empty where there is none.
        issued: its credentials, the ones that wait for their end last.
        urns: everything that a run must be limited to, so that it is about this dataset alone.
        all: the credentials of all datasets.
        revoked: whether a run that revoked it has ended, and has left nothing of its access, nor any note of it.
    """

    id: str
    issued: tuple[Issued, ...]
    urns: tuple[str, ...]
    all: tuple[Issued, ...] = ()
    revoked: bool = False


def dataset_resources(document: Mapping[str, Any], dataset: str) -> DatasetResources:
    """Of a dataset by its key; empty for one that is not deployed. Raises StateError."""
    found_in = exported(document)
    resources = [*found_in.resources, *found_in.going]
    children: dict[str, list[Mapping[str, Any]]] = {}
    for each in resources:
        children.setdefault(str(each.get("parent", "")), []).append(each)
    named = [each for each in resources if name(each) == dataset and each.get("type") == _DATASET]
    below = [child for each in named for child in _below(str(each["urn"]), children)]
    found, urns = list[Issued](), {str(each["urn"]): None for each in (*named, *below)}
    for purpose in Purpose:
        sources = [each for each in below if each.get("type") == DATASOURCE.token and _is(each, purpose)]
        registered = opened(table(next((each for each in sources if not each.get("delete")), {}).get("inputs")))
        registered = {**_probed(below, purpose), **registered}
        accesses = [each for each in resources if _is_access(each) and name(each) == access_name(dataset, purpose)]
        own = [child for each in accesses for child in _below(str(each["urn"]), children)]
        urns |= dict.fromkeys(str(each["urn"]) for each in (*accesses, *own))
        found += _issued(own, registered, purpose)
    ids = (str(each["id"]) for each in below if each.get("type") == DATASET.token and each.get("id"))
    everything = tuple(_issued(resources, {}, Purpose.INPUT))
    left = any(_key(each) in urns and each.get("type") not in (_DATASET, DATASET.token) for each in resources)
    revoked = not left and not _noted(document, dataset, urns) and any(_is_without(each) for each in named)
    issued = tuple(sorted(found, key=lambda each: each.pending))
    return DatasetResources(next(ids, ""), issued, tuple(urns), everything, revoked)


def _key(resource: Mapping[str, Any]) -> str:
    return str(resource.get("urn"))


def _is_without(component: Mapping[str, Any]) -> bool:
    """A run puts out what it has at its end: of one that was cut off nothing is said."""
    return not component.get("delete") and table(component.get("outputs")).get("credentials") == {}


def _noted(document: Mapping[str, Any], dataset: str, urns: Mapping[str, None]) -> bool:
    """Whether a run that was killed has begun something below it."""
    notes = document["deployment"].get("pending_operations")
    accesses = {access_name(dataset, purpose) for purpose in Purpose}
    for note in notes if isinstance(notes, list) else ():
        parent = str(table(table(note).get("resource")).get("parent"))
        if parent in urns or parent.rpartition("::")[2] in accesses:
            return True
    return False


def opened(value: Any) -> Any:
    """A value of a state: a secret text is a Secret, any other secret what is in it; a closed one is None."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            inside = _plain(value.get("plaintext"))
            return Secret(inside) if isinstance(inside, str) else inside
        return {name: opened(item) for name, item in value.items()}
    return [opened(item) for item in value] if isinstance(value, list) else value


def _plain(text: object) -> object:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except json.JSONDecodeError:
        return None


def _issued(own: list[Mapping[str, Any]], registered: Mapping[str, Any], purpose: Purpose) -> Iterator[Issued]:
    endings = {each: kind.ending() for kind in registry.ROWS for each in kind.ending().types}
    beside = {(str(each.get("type")), str(each.get("id"))): each for each in own}
    for each in own:
        if (kind := endings.get(str(each.get("type")))) is not None and each.get("id"):
            known = {**each, "outputs": opened(table(each.get("outputs")))}
            yield replace(kind.issued(known, registered, purpose, beside), pending=each.get("delete") is True)
    ending = registry.kind_of(str(registered["kind"])).ending() if registered.get("given") else None
    if ending and (external := ending.external(registered, purpose)):
        yield external


def _probed(below: list[Mapping[str, Any]], purpose: Purpose) -> dict[str, Any]:
    """What the verification knows of a key beside what is registered: the region that it signs for."""
    verification = next((each for each in below if each.get("type") == VERIFICATION.token), {})
    keys = opened(table(verification.get("inputs")).get("credentials"))
    entry = keys.get(str(purpose)) if isinstance(keys, dict) else None
    region = entry.get("region") if isinstance(entry, dict) else None
    return {"region": region} if isinstance(region, str) else {}


def _below(urn: str, children: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[Mapping[str, Any]]:
    seen = {urn}
    waiting = list(children.get(urn, ()))
    while waiting:
        each = waiting.pop(0)
        yield each
        if (inner := str(each.get("urn"))) not in seen:
            seen.add(inner)
            waiting += children.get(inner, ())


def _is_access(resource: Mapping[str, Any]) -> bool:
    kind = str(resource.get("type", ""))
    return kind.startswith("lightly-access:") and kind.endswith("Access")


def _is(source: Mapping[str, Any], purpose: Purpose) -> bool:
    return bool(table(source.get("inputs")).get("purpose") == purpose)
