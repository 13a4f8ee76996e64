"""A protected resource is not deleted, not replaced and not destroyed, until it is unprotected."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Group, Thing

STEPS = (
    Step("up", "guarded"),
    Step("preview", "removed"),
    Step("up"),
    Step("up", "replaced"),
    Step("destroy"),
    Step("up", "freed"),
    Step("destroy"),
)


def program(phase: str) -> None:
    free = phase == "freed"
    vault = Group("vault", pulumi.ResourceOptions(protect=not free))
    heir = Thing("heir", opts=pulumi.ResourceOptions(parent=vault))
    common = Thing("common")
    if phase != "removed":
        guarded = pulumi.ResourceOptions(protect=not free, depends_on=[heir, common])
        Thing("treasure", key=phase if phase == "replaced" else "a", opts=guarded)
