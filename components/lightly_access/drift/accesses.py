"""The accesses of a deployment as `pulumi stack export` writes it. Pure, and without a secret."""

from collections.abc import Iterator, Mapping
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SIGNATURE
from lightly_core.resource_types import DATASOURCE

from lightly_access.deployed.exported import name, table
from lightly_access.drift.deployed import DeployedAccess, Resource, Resources
from lightly_access.kinds import registry
from lightly_access.naming import access_name

_OURS, _EXTERNAL = "lightly-access:", "lightly-access:index:AdoptedAccess"


def accesses_of(document: Mapping[str, Any]) -> dict[str, tuple[DeployedAccess, ...]]:
    """By dataset, of a document that `deployed.exported` took; not those whose credential somebody else made.

    What is on its way out is among the resources: a key of ours that is not deleted yet is no key of somebody else.
    """
    listed = table(document.get("deployment")).get("resources")
    entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    stack = Resources(_resource(entry) for entry in entries if entry.get("custom"))
    types = {name(entry): str(entry.get("type", "")) for entry in entries if not entry.get("custom")}
    making = {name for name, type_ in types.items() if type_.startswith(_OURS) and type_ != _EXTERNAL}
    found: dict[str, list[DeployedAccess]] = {}
    for dataset, source in _registered(entries):
        purpose, kind, access, path = source
        component, known = access_name(dataset, purpose), registry.find_kind(kind)
        if known and component in making:
            made = DeployedAccess(dataset, purpose, kind, access, path, known.location(path), component, stack)
            found.setdefault(dataset, []).append(made)
    return {dataset: tuple(accesses) for dataset, accesses in found.items()}


def _registered(entries: list[dict[str, Any]]) -> Iterator[tuple[str, tuple[Purpose, str, str, str]]]:
    """The dataset, and purpose, kind, access and path of what is registered."""
    for entry in entries:
        outputs = entry.get("outputs")
        if entry.get("type") != DATASOURCE.token or entry.get("delete") or not isinstance(outputs, dict):
            continue
        purpose, kind, access, path = (outputs.get(name) for name in ("purpose", "kind", "access", "path"))
        if purpose in set(Purpose) and all(isinstance(each, str) for each in (kind, access, path)):
            dataset = str(entry.get("parent", "")).rpartition("::")[2]
            yield dataset, (Purpose(str(purpose)), str(kind), str(access), str(path))


def _resource(entry: Mapping[str, Any]) -> Resource:
    outputs = entry.get("outputs")
    shown = outputs if isinstance(outputs, dict) else {}
    plain = {name: value for name, value in shown.items() if not (isinstance(value, dict) and SIGNATURE in value)}
    return Resource(
        str(entry.get("type", "")),
        name(entry),
        str(entry.get("id", "")),
        str(entry.get("parent", "")).rpartition("::")[2],
        plain,
        bool(entry.get("delete")),
    )
