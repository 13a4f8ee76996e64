"""replaceOnChanges: a change that would update in place replaces."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (Step("up", "a"), Step("preview", "b"), Step("up"), Step("up"))


def program(phase: str) -> None:
    Thing("named", value=phase, links=["x"], opts=pulumi.ResourceOptions(replace_on_changes=["value"]))
    Thing("all", value=phase, opts=pulumi.ResourceOptions(replace_on_changes=["*"]))
    Thing("other", value=phase, links=["x"], opts=pulumi.ResourceOptions(replace_on_changes=["links"]))
