"""A protected resource is not deleted, not replaced and not destroyed, until it is unprotected."""

import pulumi

from ..harness.scenario import Step
from ..rig.resources import Group, Thing

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
    guarded = pulumi.ResourceOptions(protect=phase != "freed")
    if phase != "removed":
        Thing("treasure", key=phase if phase == "replaced" else "a", opts=guarded)
    vault = Group("vault", guarded)
    Thing("heir", opts=pulumi.ResourceOptions(parent=vault))
    Thing("common")
