"""retainOnDelete: out of the program, replaced or destroyed, the thing itself stays in the cloud."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (Step("up", "first"), Step("up", "replaced"), Step("up", "removed"), Step("destroy"))


def program(phase: str) -> None:
    kept = pulumi.ResourceOptions(retain_on_delete=True)
    Thing("to-replace", key="b" if phase != "first" else "a", opts=kept)
    if phase != "removed":
        Thing("to-remove", opts=kept)
    Thing("common")
