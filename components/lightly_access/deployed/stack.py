"""What a stack has deployed: its stores and datasets, their lights and credentials. Pure, and no secret is read.

What is read is what a LightlyDataset, its Datasources and its Verification put out, and what the Verification was asked
(`lightly_core.resource_types`, `LightlyDataset.credentials`). A deployment of an older version has less of it, and one
that was cut off too: what it does not say is None.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lightly_core.capability import Capability, Light, Purpose
from lightly_core.resource_types import DATASET, DATASOURCE, VERIFICATION

from lightly_access.deployed.exported import Exported, StateError, exported, moment, name, outputs, table, text
from lightly_access.naming import access_name
from lightly_access.report.document import LightsDocumentError, lights_from_json

_OURS = "lightly-access:"
LIGHTLY_DATASET = "lightly-access:index:LightlyDataset"
"""The component of a dataset."""

_Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Credential:
    """What Lightly gets in with: `due` is the day on which a deployment replaces it, `ends` when it stops by itself.

    Another `period` is another credential (`lightly_access.rotation`); `method` is how a SAS is signed.
    """

    kind: str
    created: datetime | None = None
    due: date | None = None
    ends: datetime | None = None
    period: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class DeployedDatasource:
    """One datasource as it was verified last; `lights` is empty before the first time."""

    purpose: Purpose
    kind: str
    access: str
    path: str
    credential: Credential
    lights: Mapping[Capability, Light] = field(default_factory=dict)

    @property
    def red(self) -> dict[Capability, Light]:
        """The lights that are not as expected."""
        return {capability: light for capability, light in self.lights.items() if not light.ok}


@dataclass(frozen=True, slots=True)
class DeployedDataset:
    """One dataset; one that is revoked has no datasources.

    `goes` tells whether it is deleted at Lightly when its entry goes from the manifest; `cut_off`, whether no run has
    come to the end of making or of ending its access, so that nobody knows whether there is one.
    """

    name: str
    id: str
    verified_at: datetime | None
    datasources: tuple[DeployedDatasource, ...]
    goes: bool = False
    cut_off: bool = False

    @property
    def revoked(self) -> bool:
        """Whether Lightly has no access to it, on purpose."""
        return not self.datasources and not self.cut_off

    @property
    def ok(self) -> bool:
        """Whether every light is there and as expected; a revoked dataset has none to be wrong."""
        return not self.cut_off and all(source.lights and not source.red for source in self.datasources)

    @property
    def paths(self) -> dict[str, str]:
        """The registered path of each purpose."""
        return {str(source.purpose): source.path for source in self.datasources}


@dataclass(frozen=True, slots=True)
class DeployedStore:
    """A store: its outputs, where what holds the data is (`bucket`, `container`), how many resources were made, and by
    type the outputs of all."""

    outputs: Mapping[str, Any]
    made: int
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A stack and what it has deployed, `deployed_at` the end of its last run; stores by their keys."""

    project: str
    stack: str
    deployed_at: datetime | None
    datasets: tuple[DeployedDataset, ...]
    stores: Mapping[str, DeployedStore] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether all of it is well."""
        return all(dataset.ok for dataset in self.datasets)


def deployed(document: object) -> DeployedStack:
    """What `pulumi stack export` printed, parsed from JSON. Raises StateError when it is something else."""
    return deployed_in(exported(document))


def deployed_in(export: Exported) -> DeployedStack:
    """The same of an export that was read. Raises StateError for lights that are none."""
    parts = export.by_parent()
    accesses = {name(each) for each in export.resources if _is_access(text(each.get("type")))}
    found = (_dataset(each, parts.get(text(each.get("urn")), ()), accesses) for each in export.of(LIGHTLY_DATASET))
    stores = {
        name(each): _store(each, parts.get(text(each.get("urn")), ()))
        for each in export.resources
        if _is_store(text(each.get("type")))
    }
    datasets = tuple(sorted(found, key=lambda dataset: dataset.name))
    return DeployedStack(export.project, export.stack, export.at, datasets, stores)


def _is_store(type_: str) -> bool:
    return type_.startswith(_OURS) and type_ != LIGHTLY_DATASET and not _is_access(type_)


def _is_access(type_: str) -> bool:
    return type_.startswith(_OURS) and type_.endswith("Access")


def _store(store: _Resource, parts: Sequence[_Resource]) -> DeployedStore:
    return DeployedStore(
        outputs(store), _made(parts), {text(each.get("type")): outputs(each) for each in (store, *parts)}
    )


def _made(parts: Sequence[_Resource]) -> int:
    return sum(each.get("custom") is True for each in parts)


def _dataset(component: _Resource, parts: Sequence[_Resource], accesses: Collection[str]) -> DeployedDataset:
    """`accesses` are the names of all that stand."""
    said = outputs(component)
    verification = next((each for each in parts if each.get("type") == VERIFICATION.token), {})
    made = next((each for each in parts if each.get("type") == DATASET.token), {})
    verified, kept = outputs(verification), outputs(made)
    credentials = table(said.get("credentials"))
    registered = _registered(parts, table(verification.get("inputs")))
    try:
        lights = {purpose: _ordered(row) for purpose, row in table(verified.get("lights")).items()}
    except LightsDocumentError as wrong:
        raise StateError(f"dataset {name(component)!r}: {wrong}\nhint: was this state edited by hand?") from None
    sources = tuple(
        datasource(purpose, registered.get(purpose, {}), table(credentials.get(purpose)), lights.get(purpose, {}))
        for purpose in Purpose
        if purpose in registered or purpose in credentials
    )
    id_ = text(said.get("datasetId")) or text(made.get("id"))
    goes = not kept.get("adopted") and (kept.get("forceDestroy") is True or kept.get("onRemove") == "delete")
    # A run puts out what it has at its end: of one that was cut off nothing is said.
    left = any(access_name(name(component), purpose) in accesses for purpose in Purpose)
    cut_off = not sources and (left or "credentials" not in said)
    return DeployedDataset(name(component), id_, moment(verified.get("verifiedAt")), sources, goes, cut_off)


def _registered(parts: Sequence[_Resource], asked: _Resource) -> dict[str, _Resource]:
    """Purpose -> where and how. Of a run that was cut off the resource is there and no verification yet."""
    sources = [outputs(each) for each in parts if each.get("type") == DATASOURCE.token]
    found: dict[str, _Resource] = {text(source.get("purpose")): source for source in sources}
    for purpose, each in table(asked.get("datasources")).items():
        found[purpose] = {**found.get(purpose, {}), **table(each)}
    return found


def datasource(
    purpose: Purpose, known: _Resource, held: _Resource, lights: Mapping[Capability, Light]
) -> DeployedDatasource:
    """One, of `kind`, `access`, `path` of it, and of its credential."""
    kind, access, path = (text(known.get(key)) for key in ("kind", "access", "path"))
    return DeployedDatasource(purpose, kind, access, path, _credential(held), lights)


def _ordered(row: object) -> dict[Capability, Light]:
    """The state has its keys in alphabetical order, people read them in ours."""
    found = lights_from_json(row)
    return {capability: found[capability] for capability in Capability if capability in found}


def _credential(said: _Resource) -> Credential:
    due = moment(said.get("rotates"))
    return Credential(
        text(said.get("kind")),
        moment(said.get("created")),
        due and due.date(),
        moment(said.get("expires")),
        text(said.get("period")),
        text(said.get("method")),
    )
