"""A deployment as `pulumi stack export` writes it -> the datasets in it, their lights and credentials. Pure.

What is read is what a LightlyDataset and its Verification put out (`lightly_core.resource_types.verification`,
`LightlyDataset.credentials`). A deployment of an older version has less of it: what it does not say is None.
The format: https://pulumi.com/docs/iac/cli/commands/pulumi_stack_export/ (version 3, `deployment.resources`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lightly_core.capability import Capability, Light, Purpose
from lightly_core.pulumi_struct import SIGNATURE

from lightly_access.deployed.exported import resources as exported_resources
from lightly_access.report.document import LightsDocumentError, lights_from_json

_DATASET = "lightly-access:index:LightlyDataset"
_VERIFICATION = "lightly:index:Verification"
_STACK = "pulumi:pulumi:Stack"


class StateError(ValueError):
    """A document that is no exported deployment: what was found, and what to do."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What Lightly gets in with: `due` is the day on which a deployment replaces it, `ends` when it stops by itself."""

    kind: str
    created: datetime | None = None
    due: date | None = None
    ends: datetime | None = None


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
    """One dataset; one that is revoked has no datasources."""

    name: str
    id: str
    verified_at: datetime | None
    datasources: tuple[DeployedDatasource, ...]

    @property
    def revoked(self) -> bool:
        """Whether Lightly has no access to it, on purpose."""
        return not self.datasources

    @property
    def ok(self) -> bool:
        """Whether every light is there and as expected; a revoked dataset has none to be wrong."""
        return all(source.lights and not source.red for source in self.datasources)


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A stack and what it has deployed, `deployed_at` the end of its last run."""

    project: str
    stack: str
    deployed_at: datetime | None
    datasets: tuple[DeployedDataset, ...]

    @property
    def ok(self) -> bool:
        """Whether all of it is well."""
        return all(dataset.ok for dataset in self.datasets)


def deployed(document: object) -> DeployedStack:
    """What `pulumi stack export` printed, parsed from JSON. Raises StateError when it is something else."""
    deployment = document.get("deployment") if isinstance(document, dict) else None
    if not isinstance(deployment, dict):
        raise StateError("got no deployment\nhint: `pulumi stack export --file state.json` writes one")
    resources = exported_resources(deployment)
    stacks = [_parts(entry) for entry in resources if entry.get("type") == _STACK]
    project, stack = stacks[0] if stacks else ("", "")
    manifest = deployment.get("manifest")
    at = _moment(manifest.get("time")) if isinstance(manifest, dict) else None
    verifications = {entry.get("parent"): entry for entry in resources if entry.get("type") == _VERIFICATION}
    found = (entry for entry in resources if entry.get("type") == _DATASET and not entry.get("delete"))
    datasets = (_dataset(entry, verifications.get(entry.get("urn"), {})) for entry in found)
    return DeployedStack(project, stack, at, tuple(sorted(datasets, key=lambda dataset: dataset.name)))


def _dataset(component: Mapping[str, Any], verification: Mapping[str, Any]) -> DeployedDataset:
    outputs, verified = _table(component.get("outputs")), _table(verification.get("outputs"))
    # The inputs say what is registered also when no verification has ended yet.
    known = _table(verified.get("datasources")) or _table(_table(verification.get("inputs")).get("datasources"))
    credentials = _table(outputs.get("credentials"))
    name = str(component.get("urn", "")).rpartition("::")[2]
    try:
        lights = {purpose: _ordered(row) for purpose, row in _table(verified.get("lights")).items()}
    except LightsDocumentError as wrong:
        raise StateError(f"dataset {name!r}: {wrong}\nhint: was this state edited by hand?") from None
    sources = tuple(
        _datasource(purpose, _table(known.get(purpose)), _table(credentials.get(purpose)), lights.get(purpose, {}))
        for purpose in Purpose
        if purpose in known or purpose in credentials
    )
    return DeployedDataset(name, _text(outputs.get("datasetId")), _moment(verified.get("verifiedAt")), sources)


def _datasource(
    purpose: Purpose, known: Mapping[str, Any], held: Mapping[str, Any], lights: Mapping[Capability, Light]
) -> DeployedDatasource:
    kind, access, path = (_text(known.get(key)) for key in ("kind", "access", "path"))
    return DeployedDatasource(purpose, kind, access, path, _credential(held), lights)


def _ordered(row: object) -> dict[Capability, Light]:
    """The state has its keys in alphabetical order, people read them in ours."""
    found = lights_from_json(row)
    return {capability: found[capability] for capability in Capability if capability in found}


def _credential(said: Mapping[str, Any]) -> Credential:
    due = _moment(said.get("rotates"))
    return Credential(
        _text(said.get("kind")), _moment(said.get("created")), due and due.date(), _moment(said.get("expires"))
    )


def _table(value: object) -> dict[str, Any]:
    """A table of the state; nothing for what is secret there, or missing."""
    return value if isinstance(value, dict) and SIGNATURE not in value else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    """A time or a day, which is its first moment in UTC."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _parts(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Project and stack, of a URN: `urn:pulumi:<stack>::<project>::...`."""
    stack, project, *_ = f"{entry.get('urn', '')}::".removeprefix("urn:pulumi:").split("::")
    return project, stack
