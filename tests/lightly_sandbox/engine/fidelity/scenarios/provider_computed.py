"""A provider with a setting that is only known after a create: unknown in preview, configured in time in up."""

import pulumi

from tests.lightly_sandbox.engine.fidelity.harness.scenario import Step
from tests.lightly_sandbox.engine.fidelity.rig.resources import Provider, Thing

STEPS = (Step("preview", "one"), Step("up"), Step("up"), Step("preview", "two"), Step("up"), Step("destroy"))


def program(phase: str) -> None:
    base = Thing("base", key=phase)
    provider = Provider("made", "home", token=base.handle)
    Thing("inside", opts=pulumi.ResourceOptions(provider=provider))
