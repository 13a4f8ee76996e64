"""Import by option: the program itself names the id; inputs that differ are refused."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("up", "without"),
    Step("preview", "different"),
    Step("up"),
    Step("preview", "adopted"),
    Step("up"),
    Step("up"),
    Step("up", "settled"),
    Step("destroy"),
)


def program(phase: str) -> None:
    Thing("stray", value="v", opts=pulumi.ResourceOptions(retain_on_delete=True))
    if phase != "without":
        Thing(
            "found",
            value="other" if phase == "different" else "v",
            opts=pulumi.ResourceOptions(import_="stray-1" if phase != "settled" else None, retain_on_delete=True),
        )
