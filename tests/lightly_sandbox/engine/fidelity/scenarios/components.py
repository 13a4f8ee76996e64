"""Components in components: parents, registered outputs, options that children inherit, and one that goes away."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

STEPS = (Step("preview", "first"), Step("up"), Step("up", "smaller"), Step("destroy"))


def program(phase: str) -> None:
    outer = Group("outer", pulumi.ResourceOptions(retain_on_delete=False))
    inner = Group("inner", pulumi.ResourceOptions(parent=outer))
    deep = Thing("deep", value="one", opts=pulumi.ResourceOptions(parent=inner))
    inner.register_outputs({"handle": deep.handle, "fixed": ["a", 1, True]})
    beside = Thing("beside", links=[deep.handle], opts=pulumi.ResourceOptions(parent=outer))
    Thing("below", opts=pulumi.ResourceOptions(parent=beside))
    outer.register_outputs({"deep": {"handle": deep.handle}})
    if phase == "first":
        gone = Group("gone")
        Thing("child-of-gone", opts=pulumi.ResourceOptions(parent=gone, depends_on=[outer]))
        gone.register_outputs({})
    pulumi.export("handle", beside.handle)
