"""Created but not healthy: kept with its errors, retried by an update on every run until it succeeds."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing, Verification

_SICK = {"unhealthy": ["check"]}
STEPS = (
    Step("up", "a", switches=_SICK),
    Step("up", switches=_SICK),
    Step("preview"),
    Step("up"),
    Step("up"),
    Step("up", "b", switches=_SICK),
    Step("refresh"),
    Step("up"),
    Step("up", "c", switches={"unhealthy": ["swapped"]}),
    Step("up"),
    Step("destroy"),
)


def program(phase: str) -> None:
    target = Thing("target", value=phase)
    check = Verification("check", target=target.revision.apply(lambda _: phase))
    Thing("after", value="v", opts=pulumi.ResourceOptions(depends_on=[check]))
    if phase == "c":
        Thing("swapped", key=phase, opts=pulumi.ResourceOptions(depends_on=[check]))
