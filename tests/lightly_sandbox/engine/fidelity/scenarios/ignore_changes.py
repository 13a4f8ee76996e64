"""ignoreChanges: old inputs stay, also inside a list, also for one that would replace."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (Step("up", "a"), Step("preview", "b"), Step("up"), Step("up", "heeded"))


def program(phase: str) -> None:
    heeded = phase == "heeded"
    Thing(
        "partly",
        value=phase,
        key=phase,
        links=[phase, phase],
        opts=pulumi.ResourceOptions(ignore_changes=[] if heeded else ["key", "links[0]"]),
    )
    Thing("wholly", value=phase, opts=pulumi.ResourceOptions(ignore_changes=[] if heeded else ["*"]))
    Thing("new-" + phase, value=phase, opts=pulumi.ResourceOptions(ignore_changes=["value"]))
