"""Destroy: dependents first, children before parents, side by side; a delete that fails stops what it must."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Provider, Thing

STEPS = (
    Step("up", "first"),
    Step("destroy", switches={"fail": {"delete": ["middle"]}, "slow": {"middle": 0.2, "aside": 0.5}}),
    Step("up"),
    Step("destroy", switches={"slow": {"top": 0.1, "leaf": 0.1}}),
    Step("destroy"),
)


def program(phase: str) -> None:
    provider = Provider("own", "far")
    bottom = Thing("bottom", opts=pulumi.ResourceOptions(provider=provider))
    middle = Thing("middle", links=[bottom.handle])
    Thing("top", links=[middle.handle], opts=pulumi.ResourceOptions(provider=provider))
    Thing("aside")
    group = Group("group")
    leaf = Thing("leaf", opts=pulumi.ResourceOptions(parent=group))
    Thing("on-leaf", opts=pulumi.ResourceOptions(depends_on=[leaf]))
