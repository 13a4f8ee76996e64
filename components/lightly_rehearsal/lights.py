"""The lights in a state: read from the Verification resources, so that they are the same whoever deployed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lightly_access.capability import Capability, Evidence, Light, Purpose

from lightly_rehearsal.deployer import State


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


def verifications(state: State) -> Iterator[dict[str, Any]]:
    """The outputs of every Verification, in the order of the state."""
    for resource in state["deployment"].get("resources", []):
        if resource["type"] == "lightly:index:Verification" and not resource.get("delete"):
            yield resource["outputs"]


def light(values: dict[str, Any]) -> Light:
    """A light as the provider writes it."""
    return Light(
        expected=values["expected"],
        actual=values["actual"],
        evidence=tuple(Evidence(word) for word in values.get("evidence", ())),
        cause=values.get("cause"),
        fix=values.get("fix"),
    )


def red_lights(state: State) -> list[RedLight]:
    """Every light that is not as expected."""
    return [
        RedLight(outputs["dataset"], Purpose(purpose), Capability(capability), shown)
        for outputs in verifications(state)
        for purpose, lights in outputs["lights"].items()
        for capability, values in lights.items()
        if not (shown := light(values)).ok
    ]


def report(state: State) -> dict[str, Any]:
    """The datasets of a state as `lights.json` has them."""
    return {
        outputs["dataset"]: {
            "id": outputs["datasetId"],
            "verified": outputs["verified"],
            "datasources": {
                purpose: {
                    "kind": source["kind"],
                    "access": source["access"],
                    "path": source["path"],
                    "lights": {
                        capability: {
                            "expected": values["expected"],
                            "actual": values["actual"],
                            "ok": values["ok"],
                            "evidence": values["evidence"],
                            "cause": values.get("cause"),
                            "fix": values.get("fix"),
                        }
                        for capability, values in outputs["lights"][purpose].items()
                    },
                }
                for purpose, source in outputs["datasources"].items()
            },
        }
        for outputs in verifications(state)
    }
