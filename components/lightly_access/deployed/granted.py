"""What one datasource was granted, as the state has it: what its access was made of, and what is registered. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightly_core.capability import Purpose
from lightly_core.resource_types import DATASOURCE, VERIFICATION

from lightly_access.deployed.exported import Exported, outputs, table, text
from lightly_access.deployed.stack import LIGHTLY_DATASET, DeployedDatasource, DeployedStack


@dataclass(frozen=True, slots=True)
class Granted:
    """A datasource, and the resources that a kind's `granted` reads its documents from.

    Attributes:
        registered: the outputs of the Datasource; secrets in it are closed.
        identity: what Lightly uses, such as a role's ARN.
        expected: capability -> what must be possible from Lightly's own servers, where that is less than the purpose.
        parts: the outputs of what its access was made of, by type token.
        everything: all resources of the stack.
    """

    dataset: str
    source: DeployedDatasource
    registered: Mapping[str, Any]
    identity: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    everything: Exported = field(default_factory=lambda: Exported("", "", None, ()), repr=False)

    @property
    def purpose(self) -> Purpose:
        """INPUT or LIGHTLY."""
        return self.source.purpose

    @property
    def external(self) -> bool:
        """Whether somebody else made the credential: then no document of ours grants it."""
        return self.registered.get("given") is True

    def text(self, type_: str, output: str) -> str:
        """A text that a part of the access put out; empty where it is closed, or not there."""
        return text(self.parts.get(type_, {}).get(output))


def granted(export: Exported, stack: DeployedStack) -> Iterator[Granted]:
    """Every datasource of a stack that was read from this export."""
    parts = export.by_parent()
    urns = {text(each.get("urn")).rpartition("::")[2]: text(each.get("urn")) for each in export.of(LIGHTLY_DATASET)}
    accesses = {
        identity: parts.get(text(each.get("urn")), ())
        for each in export.resources
        if text(each.get("type")).endswith("Access") and (identity := text(outputs(each).get("identity")))
    }
    for dataset in stack.datasets:
        own = parts.get(urns.get(dataset.name, ""), ())
        registered = {text(outputs(each).get("purpose")): outputs(each) for each in own if _is(each, DATASOURCE.token)}
        asked = next((table(each.get("inputs")) for each in own if _is(each, VERIFICATION.token)), {})
        verified = table(asked.get("datasources"))
        for source in dataset.datasources:
            known = table(verified.get(source.purpose))
            identity = text(known.get("identity"))
            made = {text(each.get("type")): outputs(each) for each in accesses.get(identity, ())}
            found = registered.get(source.purpose, {})
            yield Granted(dataset.name, source, found, identity, table(known.get("expected")), made, export)


def _is(resource: Mapping[str, Any], type_: str) -> bool:
    return resource.get("type") == type_
