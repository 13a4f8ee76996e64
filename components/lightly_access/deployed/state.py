"""The stores and datasets of a stack, read from its state as `pulumi stack export` writes it. No secret is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from lightly_access.deployed.exported import resources as exported_resources

_OURS = "lightly-access:"
_DATASET = "lightly-access:index:LightlyDataset"


class NoStateError(ValueError):
    """A file that is no exported state."""


@dataclass(frozen=True, slots=True)
class DeployedDataset:
    """A dataset of the state.

    Attributes:
        id: Lightly's, empty where the state has none.
        paths: the registered path of each purpose.
        goes: whether it is deleted at Lightly when its entry goes.
    """

    id: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    goes: bool = False


@dataclass(frozen=True, slots=True)
class DeployedStore:
    """A store of the state: what holds the data (`bucket`, `container`), and how many resources were made for it."""

    outputs: Mapping[str, Any]
    made: int


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stores and datasets of a state, by the keys that they were deployed under."""

    stores: Mapping[str, DeployedStore]
    datasets: Mapping[str, DeployedDataset]

    @classmethod
    def of(cls, state: object) -> Self:
        """Raises NoStateError for a value that is no exported state."""
        deployment = state.get("deployment") if isinstance(state, Mapping) else None
        if not isinstance(deployment, Mapping):
            raise NoStateError("there is no deployment in it, expected what `pulumi stack export` writes")
        resources = [each for each in exported_resources(deployment) if not each.get("delete")]
        children: dict[str, list[Mapping[str, Any]]] = {}
        for each in resources:
            children.setdefault(str(each.get("parent", "")), []).append(each)
        ours = [each for each in resources if str(each.get("type", "")).startswith(_OURS)]
        below = {_name(each): children.get(str(each["urn"]), []) for each in ours if each["type"] == _DATASET}
        return cls(
            {
                _name(each): DeployedStore(each.get("outputs") or {}, _custom(children.get(str(each["urn"]), [])))
                for each in ours
                if each["type"] != _DATASET and not str(each["type"]).endswith("Access")
            },
            {name: _dataset(resources) for name, resources in below.items()},
        )


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _custom(resources: list[Mapping[str, Any]]) -> int:
    return sum(each.get("custom") is True for each in resources)


def _dataset(resources: list[Mapping[str, Any]]) -> DeployedDataset:
    dataset = next((each for each in resources if each["type"] == "lightly:index:Dataset"), {})
    outputs = dataset.get("outputs") or {}
    sources = [each.get("outputs") or {} for each in resources if each["type"] == "lightly:index:Datasource"]
    return DeployedDataset(
        str(dataset.get("id", "")),
        {str(source.get("purpose")): str(source.get("path")) for source in sources},
        not outputs.get("adopted") and (outputs.get("forceDestroy") is True or outputs.get("onRemove") == "delete"),
    )
