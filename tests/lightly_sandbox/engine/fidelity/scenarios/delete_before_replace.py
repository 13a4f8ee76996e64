"""Delete before create: by option, by the provider's word, and with a dependent that must go first."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Thing

STEPS = (Step("up", "a"), Step("preview", "b"), Step("up"), Step("up"), Step("destroy"))


def program(phase: str) -> None:
    base = Thing("base", key=phase, opts=pulumi.ResourceOptions(delete_before_replace=True))
    Thing("bound", key=base.handle)
    Thing("loose", value=base.handle)
    Thing("by-provider", slot=phase)
    Thing("overruled", slot=phase, opts=pulumi.ResourceOptions(delete_before_replace=False))
    Thing("by-order", opts=pulumi.ResourceOptions(depends_on=[base]))
