"""Order without data: dependsOn a resource and dependsOn a whole component."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

STEPS = (
    Step("preview", "first"),
    Step("up", switches={"slow": {"first": 0.1, "inside": 0.1}}),
    Step("up", "freed"),
    Step("destroy", switches={"slow": {"third": 0.1, "second": 0.1}}),
)


def program(phase: str) -> None:
    first = Thing("first")
    group = Group("group")
    Thing("inside", opts=pulumi.ResourceOptions(parent=group))
    Thing("second", opts=pulumi.ResourceOptions(depends_on=[first, group]))
    Thing("third", opts=pulumi.ResourceOptions(depends_on=[] if phase == "freed" else [group]))
