"""Import: what exists is taken into the state by the verb, protected; the program then finds it as it is."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

_THING = "rig:index:Thing"
STEPS = (
    Step("up", "without", switches={}),
    Step("import", target=(_THING, "found", "stray-1")),
    Step("import", target=(_THING, "nothing", "nobody-1")),
    Step("up", "with"),
    Step("up", "changed"),
)


def program(phase: str) -> None:
    Thing("stray", value="v", opts=pulumi.ResourceOptions(retain_on_delete=True))
    if phase != "without":
        Thing("found", value="v" if phase == "with" else "w", opts=pulumi.ResourceOptions(protect=True))
