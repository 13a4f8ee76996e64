"""Updates, replacements and deletes that fail: what the state keeps, and how the next run goes on from there."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("up", "a"),
    Step("up", "b", switches={"fail": {"update": ["updated"]}}),
    Step("up", "c", switches={"fail": {"create": ["replaced"]}}),
    Step("up", "d", switches={"fail": {"delete": ["replaced"]}}),
    Step("preview"),
    Step("refresh"),
    Step("up", "e"),
    Step("up", "f", switches={"fail": {"create": ["swapped"]}}),
    Step("preview"),
    Step("up"),
    Step("up", "without", switches={"fail": {"delete": ["swapped"]}}),
    Step("up"),
)


def program(phase: str) -> None:
    updated = Thing("updated", value=phase)
    replaced = Thing("replaced", key=phase, opts=pulumi.ResourceOptions(depends_on=[updated]))
    if phase != "without":
        Thing("swapped", slot=phase, opts=pulumi.ResourceOptions(depends_on=[replaced]))
