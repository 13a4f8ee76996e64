"""What was in flight when a run ended: the pending operations of an exported state. Pure.

The engine writes an operation into the state before it asks a provider for it, and takes it out with the answer
(`pkg/backend/snapshot.go` of pulumi/pulumi); one of a creation stays there through later runs, also through good ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lightly_access.deployed.exported import moment, table

CREATING = "creating"
UNREAD = "found again by lightly-access recover, and not read yet"
"""Stands in the `initErrors` of a resource that was taken over, until Pulumi has read it from its cloud."""

LONGEST = timedelta(hours=1)
"""Of what is taken for one run of Pulumi, before its end."""
_CLOCKS = timedelta(minutes=2)
"""By how much the clocks of a cloud and of this machine may differ."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`doing` is Pulumi's word; `entry` the resource as the state would have had it."""

    doing: str
    entry: Mapping[str, Any]

    @property
    def urn(self) -> str:
        return str(self.entry.get("urn", ""))

    @property
    def type(self) -> str:
        return str(self.entry.get("type", ""))

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


def operations(deployment: Mapping[str, Any]) -> list[Operation]:
    """In the order of the state; none where there is no list of them."""
    listed = deployment.get("pending_operations")
    return [
        Operation(str(each.get("type", "")), each["resource"])
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and isinstance(each.get("resource"), dict)
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """What the state knows beside them."""

    resources: tuple[Mapping[str, Any], ...]
    written: datetime | None = None
    """When the state was written last, in UTC."""

    @classmethod
    def of(cls, deployment: Mapping[str, Any]) -> "Known":
        listed = deployment.get("resources")
        resources = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        return cls(tuple(resources), moment(table(deployment.get("manifest")).get("time")))

    def in_last_run(self, made: datetime) -> bool:
        """Whether something was made while the last run ran, which wrote the state when it ended."""
        return self.written is not None and self.written - LONGEST <= made <= self.written + _CLOCKS

    def live(self, urn: str) -> Mapping[str, Any] | None:
        """The resource of this URN that is not about to be deleted."""
        return next((each for each in self.resources if each.get("urn") == urn and not each.get("delete")), None)

    def ids(self, type_: str) -> frozenset[str]:
        """The ids of all resources of a type, those that are about to be deleted too."""
        return frozenset(str(each.get("id")) for each in self.resources if each.get("type") == type_)

    def unread(self) -> Iterator[str]:
        """The URNs of what was taken over and not read yet."""
        for each in self.resources:
            if UNREAD in (each.get("initErrors") or ()):
                yield str(each["urn"])

    def provider(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """The inputs of the provider of a resource: whose login it has, and where."""
        urn = str(entry.get("provider", "")).rpartition("::")[0]
        found = self.live(urn) or {}
        inputs = found.get("inputs")
        return inputs if isinstance(inputs, dict) else {}
