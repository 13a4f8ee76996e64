"""The lights in a state: read from the Verification resources, so that they are the same whoever deployed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lightly_access.report.document import lights_from_json
from lightly_access.report.lights import DatasetLights, DatasourceLights
from lightly_core.capability import Capability, Light, Purpose

from lightly_sandbox.deployer import State


@dataclass(frozen=True)
class RedLight:
    """A light that is not as expected."""

    dataset: str
    purpose: Purpose
    capability: Capability
    light: Light

    def __str__(self) -> str:
        fix = f"; fix: {self.light.fix}" if self.light.fix else ""
        return f"{self.dataset} {self.purpose} {self.capability}: {self.light.cause or 'cause unknown'}{fix}"


def datasets(state: State) -> dict[str, DatasetLights]:
    """The verified datasets of a state, by name."""
    found = {
        outputs["dataset"]: DatasetLights(
            outputs["datasetId"],
            outputs["verified"],
            {
                Purpose(purpose): _datasource(source, outputs["lights"][purpose])
                for purpose, source in resource["inputs"]["datasources"].items()
            },
        )
        for resource in state["deployment"].get("resources", [])
        if resource["type"] == "lightly:index:Verification" and not resource.get("delete")
        for outputs in [resource["outputs"]]
    }
    return dict(sorted(found.items()))


def _datasource(source: Mapping[str, Any], lights: object) -> DatasourceLights:
    return DatasourceLights(source["kind"], source["access"], source["path"], lights_from_json(lights))


def red_lights(state: State) -> list[RedLight]:
    """Every light that is not as expected."""
    return [
        RedLight(name, purpose, capability, light)
        for name, dataset in datasets(state).items()
        for purpose, source in dataset.datasources.items()
        for capability, light in source.lights.items()
        if not light.ok
    ]
