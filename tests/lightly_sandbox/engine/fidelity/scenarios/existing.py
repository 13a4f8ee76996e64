"""Reading what exists without owning it (option `id`): external in the state, never created, updated or deleted."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (
    Step("up", "without"),
    Step("preview", "with"),
    Step("up"),
    Step("up", drift={"owned": {"value": "drifted"}}),
    Step("up", "without"),
    Step("up", "missing"),
)


def program(phase: str) -> None:
    Thing("owned", value="v", opts=pulumi.ResourceOptions(ignore_changes=["value"]))
    if phase == "with":
        read = Thing("read", opts=pulumi.ResourceOptions(id="owned-1"))
        Thing("above", value=read.value)
    if phase == "missing":
        Thing("read", opts=pulumi.ResourceOptions(id="nobody-1"))
