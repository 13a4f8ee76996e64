"""deletedWith: what goes with its host is not deleted by itself when the host goes."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (Step("up", "all"), Step("up", "without-one"), Step("up", "without-host"), Step("up", "all"), Step("destroy"))


def program(phase: str) -> None:
    if phase == "without-host":
        Thing("common")
        return
    host = Thing("host")
    with_host = pulumi.ResourceOptions(deleted_with=host)
    Thing("first-guest", opts=with_host)
    if phase == "all":
        Thing("second-guest", opts=with_host)
    Thing("common")
