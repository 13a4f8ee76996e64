"""What a report is about: datasets, the datasource of each purpose, and its lights. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lightly_core.capability import Capability, Light, Purpose


@dataclass(frozen=True, slots=True)
class DatasourceLights:
    """One datasource: where it is, how Lightly gets in, and its lights. A capability nobody looked at has none."""

    kind: str
    access: str
    path: str
    lights: Mapping[Capability, Light] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatasetLights:
    """One dataset: Lightly's id, whether its verification succeeded, and its datasources."""

    id: str
    verified: bool
    datasources: Mapping[Purpose, DatasourceLights] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a rehearsal: how long it took, what it did to resources, and how many calls each side saw."""

    name: str
    ok: bool
    seconds: float
    created: int = 0
    updated: int = 0
    replaced: int = 0
    deleted: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All datasets by name, in the order of the manifest, and the phases that led here."""

    datasets: Mapping[str, DatasetLights] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything is as expected: each dataset verified, each light, each phase."""
        return all(phase.ok for phase in self.phases) and all(
            dataset.verified
            and all(light.ok for source in dataset.datasources.values() for light in source.lights.values())
            for dataset in self.datasets.values()
        )
