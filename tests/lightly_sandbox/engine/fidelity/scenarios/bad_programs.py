"""Programs that go wrong: a refused property, a missing one, an exception after some work, a name used twice."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

STEPS = (
    Step("up", "good"),
    Step("preview", "refused"),
    Step("up"),
    Step("up", "missing"),
    Step("up", "twice"),
    Step("up", "raises"),
    Step("up", "good"),
)


def program(phase: str) -> None:
    group = Group("group")
    group.register_outputs({})
    base = Thing("base", opts=pulumi.ResourceOptions(depends_on=[group]), value=phase if phase != "refused" else "good")
    after = pulumi.ResourceOptions(depends_on=[base])
    if phase == "refused":
        pulumi.CustomResource("rig:index:Thing", "bad", {"color": "red"}, after)
    if phase == "missing":
        pulumi.CustomResource("rig:index:Credential", "bad", {}, after)
    if phase == "twice":
        Thing("base", value=phase, opts=after)
    if phase == "raises":
        base.handle.apply(lambda _: 1 / 0)
